// SPDX-License-Identifier: Apache-2.0
package upstreamreset.codec;

import upstreamreset.http1.FieldSpans;

/**
 * Reads a header or trailer section exactly as Envoy's parser does, quirks included (quiche/balsa/balsa_frame.cc,
 * {@code ProcessHeaderLines}). Its methods return the parser's error, or an empty string.
 */
final class BalsaHead {
    /** For each byte: -1 if a section must not contain it, 1 for CR, 0 otherwise. */
    private static final byte[] KIND = new byte[256];

    private static final boolean[] BAD_IN_NAME = new boolean[256];

    static {
        for (int c = 0; c <= ' '; c++) {
            BAD_IN_NAME[c] = true;
            KIND[c] = (byte) (c == ' ' || c == '\t' || c == '\n' ? 0 : c == '\r' ? 1 : -1);
        }
        KIND[0x7F] = -1;
        // A double quote passes here; the codec's own check refuses it.
        for (char c : "(),/;<=>?@[\\]{}\177".toCharArray()) {
            BAD_IN_NAME[c] = true;
        }
    }

    private final FieldSpans fields = new FieldSpans();
    private final ContentLengthLines contentLength;
    private BalsaStatusLine statusLine = BalsaStatusLine.NONE;
    private boolean lineEndsInValues;
    private boolean transferEncoding;
    private boolean chunked;

    BalsaHead(EnvoyVersion version) {
        contentLength = new ContentLengthLines(version);
    }

    /** Reads the first line of a section. */
    String statusLine(SectionBuffer section) {
        statusLine = BalsaStatusLine.read(section.bytes(), section.length());
        return statusLine.error();
    }

    /** Reads the field lines of a whole section with a status line. */
    String header(SectionBuffer section) {
        var error = fieldLines(section, 1);
        return error.isEmpty() ? framing() : error;
    }

    /** Reads the field lines of a whole trailer section. */
    String trailers(SectionBuffer section) {
        var error = fieldLines(section, 0);
        return error.isEmpty() && nameless() ? "INVALID_TRAILER_FORMAT" : error;
    }

    private String fieldLines(SectionBuffer section, int firstField) {
        byte[] bytes = section.bytes();
        fields.begin(bytes);
        int last = section.lines() - 1;
        int total = section.end(last);
        int returns = 0;
        for (int i = 0; i < total; i++) {
            byte kind = KIND[bytes[i] & 0xFF];
            if (kind < 0) {
                return "header value contains invalid chars";
            }
            returns += kind;
        }
        for (int line = 0; line <= last; line++) {
            int end = section.end(line);
            returns -= end > 1 && bytes[end - 2] == '\r' ? 1 : 0;
        }
        lineEndsInValues = returns != 0;
        boolean trailer = firstField == 0;
        for (int line = firstField; line < last; ) {
            int begin = section.begin(line);
            line++;
            while (line < last && (bytes[section.begin(line)] & 0xFF) <= ' ') {
                byte first = bytes[section.begin(line)];
                if (first != ' ' && first != '\t') {
                    return trailer ? "INVALID_TRAILER_FORMAT" : "INVALID_HEADER_FORMAT";
                }
                lineEndsInValues = true;
                line++;
            }
            var error = fieldLine(bytes, begin, section.begin(line), trailer);
            if (!error.isEmpty()) {
                return error;
            }
        }
        return EnvoyCodec.NO_ERROR;
    }

    private String fieldLine(byte[] bytes, int begin, int lineEnd, boolean trailer) {
        int end = lineEnd - 1;
        while ((bytes[end] & 0xFF) <= ' ' && end > begin) {
            end--;
        }
        end++;
        int colon = begin;
        while (colon < end && bytes[colon] != ':') {
            if (BAD_IN_NAME[bytes[colon] & 0xFF]) {
                return trailer ? "INVALID_TRAILER_NAME_CHARACTER" : "INVALID_HEADER_NAME_CHARACTER";
            }
            colon++;
        }
        if (colon == end) {
            return trailer ? "HPE_INVALID_HEADER_TOKEN" : "HEADER_MISSING_COLON";
        }
        int value = colon + 1;
        while (value < end && (bytes[value] & 0xFF) <= ' ') {
            value++;
        }
        fields.add(begin, colon, value, end);
        return EnvoyCodec.NO_ERROR;
    }

    private boolean nameless() {
        for (int field = 0; field < fields.count(); field++) {
            if (fields.nameless(field)) {
                return true;
            }
        }
        return false;
    }

    /** The second half of {@code ProcessHeaderLines}: what the fields say about the framing. */
    private String framing() {
        var lastEncoding = "";
        for (int field = 0; field < fields.count(); field++) {
            if (fields.nameless(field)) {
                return "INVALID_HEADER_FORMAT";
            }
            if (fields.named(field, "content-length")) {
                if (contentLength.add(fields.value(field))) {
                    return "HPE_UNEXPECTED_CONTENT_LENGTH";
                }
            } else if (fields.named(field, "transfer-encoding")) {
                transferEncoding = true;
                lastEncoding = fields.value(field);
            }
        }
        // The parser looks at the last line only; the codec checks later whether it supports the codings.
        chunked = lastEncoding.equalsIgnoreCase("chunked");
        return EnvoyCodec.NO_ERROR;
    }

    BalsaStatusLine statusLine() {
        return statusLine;
    }

    /** The fields as the codec gets them: the value of a folded field contains line ends. */
    FieldSpans fields() {
        return fields;
    }

    /** Whether any value contains CR or LF. */
    boolean lineEndsInValues() {
        return lineEndsInValues;
    }

    boolean transferEncoding() {
        return transferEncoding;
    }

    boolean chunked() {
        return chunked;
    }

    ContentLengthLines contentLength() {
        return contentLength;
    }
}
