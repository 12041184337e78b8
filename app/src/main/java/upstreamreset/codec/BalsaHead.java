// SPDX-License-Identifier: Apache-2.0
package upstreamreset.codec;

import org.jspecify.annotations.Nullable;
import upstreamreset.http1.Characters;
import upstreamreset.http1.FieldSpans;

/**
 * Reads a header or trailer section exactly as Envoy's parser does, quirks included (quiche/balsa/balsa_frame.cc,
 * {@code ProcessFirstLine} and {@code ProcessHeaderLines}); it answers with the parser's error, or with null.
 */
final class BalsaHead {
    /** quiche's word for what the Content-Length fields came to. */
    enum Length {
        NONE,
        VALID,
        INVALID,
        OVERFLOW
    }

    /** -1 for bytes that a section must not have, 1 for CR, 0 for all others. */
    private static final byte[] KIND = new byte[256];

    private static final boolean[] BAD_IN_NAME = new boolean[256];

    static {
        for (int c = 0; c <= ' '; c++) {
            BAD_IN_NAME[c] = true;
            KIND[c] = (byte) (c == ' ' || c == '\t' || c == '\n' ? 0 : c == '\r' ? 1 : -1);
        }
        KIND[0x7F] = -1;
        // A double quote is left to the codec's own check.
        for (char c : "(),/;<=>?@[\\]{}\177".toCharArray()) {
            BAD_IN_NAME[c] = true;
        }
    }

    private final EnvoyVersion version;
    private final FieldSpans fields = new FieldSpans();
    private boolean lineEndsInValues;
    private boolean badVersion;
    int status;
    boolean chunked;
    boolean transferEncoding;
    Length lengthStatus = Length.NONE;
    long length;

    BalsaHead(EnvoyVersion version) {
        this.version = version;
    }

    /** The status line: bytes [0, end) with its line end. The first byte is no white space. */
    @Nullable
    String firstLine(byte[] bytes, int end) {
        int stop = end;
        while (stop > 0 && (bytes[stop - 1] == '\n' || bytes[stop - 1] == '\r')) {
            stop--;
        }
        int version = word(bytes, 0, stop);
        int code = space(bytes, version, stop);
        int codeEnd = word(bytes, code, stop);
        int reason = space(bytes, codeEnd, stop);
        badVersion = version > 0 && !knownVersion(bytes, version);
        if (code == codeEnd) {
            return "FAILED_TO_FIND_WS_AFTER_RESPONSE_VERSION";
        }
        long number = statusCode(bytes, code, reason);
        if (number < 0) {
            return "FAILED_CONVERTING_STATUS_CODE_TO_INT";
        }
        // Http::Code has 16 bits (envoy/http/codes.h).
        status = (int) (number & 0xFFFF);
        bodiless = (number >= 100 && number < 200) || number == 204 || number == 304;
        return null;
    }

    /** BalsaHeaders::ResponseCanHaveBody, negated. */
    boolean bodiless;

    private static int word(byte[] bytes, int from, int stop) {
        int i = from;
        while (i < stop && (bytes[i] & 0xFF) > ' ') {
            i++;
        }
        return i;
    }

    private static int space(byte[] bytes, int from, int stop) {
        int i = from;
        while (i < stop && (bytes[i] & 0xFF) <= ' ') {
            i++;
        }
        return i;
    }

    /** absl::SimpleAtoi into size_t: white space around and a plus sign are fine. */
    private static long statusCode(byte[] bytes, int from, int to) {
        int end = to;
        while (end > from && isSpace(bytes[end - 1])) {
            end--;
        }
        int i = from;
        if (i < end && bytes[i] == '+') {
            i++;
        }
        if (i == end) {
            return -1;
        }
        long number = 0;
        for (; i < end; i++) {
            if (!Characters.digit(bytes[i])) {
                return -1;
            }
            int digit = bytes[i] - '0';
            if (Long.compareUnsigned(number, Long.divideUnsigned(-1L - digit, 10)) > 0) {
                return -1;
            }
            number = 10 * number + digit;
        }
        return number & Long.MAX_VALUE;
    }

    private static boolean isSpace(byte b) {
        return b == ' ' || (b >= '\t' && b <= '\r');
    }

    /** Whether the codec refuses the version, which the parser itself does not look at. */
    boolean badVersion() {
        return badVersion;
    }

    private static boolean knownVersion(byte[] bytes, int length) {
        return length == 8
                && bytes[0] == 'H'
                && bytes[1] == 'T'
                && bytes[2] == 'T'
                && bytes[3] == 'P'
                && bytes[4] == '/'
                && Characters.digit(bytes[5])
                && bytes[6] == '.'
                && Characters.digit(bytes[7]);
    }

    /** The fields as the codec gets them: with line ends in a value, if it was folded. */
    FieldSpans fields() {
        return fields;
    }

    /** Whether any value has CR or LF in it. */
    boolean lineEndsInValues() {
        return lineEndsInValues;
    }

    /**
     * The field lines. {@code ends} holds where each line of the section ends, the empty last one included;
     * {@code firstField} is the first that is a field line: 1 in a head, 0 in a trailer section.
     */
    @Nullable
    String fieldLines(byte[] bytes, int[] ends, int lines, int firstField) {
        fields.begin(bytes);
        int total = ends[lines - 1];
        int returns = 0;
        for (int i = 0; i < total; i++) {
            byte kind = KIND[bytes[i] & 0xFF];
            if (kind < 0) {
                return "header value contains invalid chars";
            }
            returns += kind;
        }
        for (int i = 0; i < lines; i++) {
            returns -= ends[i] > 1 && bytes[ends[i] - 2] == '\r' ? 1 : 0;
        }
        lineEndsInValues = returns != 0;
        boolean trailer = firstField == 0;
        int last = lines - 1;
        for (int i = firstField; i < last; ) {
            int begin = i == 0 ? 0 : ends[i - 1];
            i++;
            while (i < last && (bytes[ends[i - 1]] & 0xFF) <= ' ') {
                byte first = bytes[ends[i - 1]];
                if (first != ' ' && first != '\t') {
                    return trailer ? "INVALID_TRAILER_FORMAT" : "INVALID_HEADER_FORMAT";
                }
                lineEndsInValues = true;
                i++;
            }
            var error = fieldLine(bytes, begin, ends[i - 1], trailer);
            if (error != null) {
                return error;
            }
        }
        return trailer ? names() : framing();
    }

    private @Nullable String fieldLine(byte[] bytes, int begin, int lineEnd, boolean trailer) {
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
        return null;
    }

    private @Nullable String names() {
        for (int field = 0; field < fields.count(); field++) {
            if (fields.nameless(field)) {
                return "INVALID_TRAILER_FORMAT";
            }
        }
        return null;
    }

    /** ProcessHeaderLines after the fields are known: what they mean for the framing. */
    private @Nullable String framing() {
        String encoding = "";
        for (int field = 0; field < fields.count(); field++) {
            if (fields.nameless(field)) {
                return "INVALID_HEADER_FORMAT";
            }
            if (fields.named(field, "content-length")) {
                if (contentLength(fields.value(field))) {
                    return "HPE_UNEXPECTED_CONTENT_LENGTH";
                }
            } else if (fields.named(field, "transfer-encoding")) {
                transferEncoding = true;
                encoding = fields.value(field);
            }
        }
        // Only the last line counts here, and whether the codings are supported is the codec's business.
        chunked = encoding.equalsIgnoreCase("chunked");
        return null;
    }

    /** One more Content-Length line; answers whether it clashes with the one before. */
    private boolean contentLength(String value) {
        var before = lengthStatus;
        long lengthBefore = length;
        lengthStatus = parseLength(value);
        if (before == Length.NONE) {
            return false;
        }
        boolean differs = before != lengthStatus || (comparesInvalid() && lengthBefore != length);
        return differs || lengthStatus == Length.VALID;
    }

    /** quiche of 2026 compares what it read of two unreadable lengths too. */
    private boolean comparesInvalid() {
        return version.atLeast(1, 38, 0);
    }

    private Length parseLength(String value) {
        length = 0;
        if (value.isEmpty()) {
            return Length.INVALID;
        }
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c < '0' || c > '9') {
                return Length.INVALID;
            }
            if (Long.compareUnsigned(length, Long.divideUnsigned(-1L - (c - '0'), 10)) > 0) {
                return Length.OVERFLOW;
            }
            length = 10 * length + c - '0';
        }
        return Length.VALID;
    }
}
