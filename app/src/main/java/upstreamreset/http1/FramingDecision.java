// SPDX-License-Identifier: Apache-2.0
package upstreamreset.http1;

import java.util.ArrayList;
import java.util.List;

/** Decides by RFC 9112 §6.3 how a body ends, and reports the fields that make this ambiguous. */
record FramingDecision(Violations violations) {
    /** The framing of a response to {@code request}. */
    BodyFraming ofResponse(RequestContext request, StatusLine line, List<FieldLine> fields) {
        var encodings = lines(fields, "Transfer-Encoding");
        var lengths = lines(fields, "Content-Length");
        int status = line.status();
        boolean bodiless = (status >= 100 && status < 200) || status == 204;
        if (bodiless) {
            encodings.forEach(each -> violations.add(Rule.TRANSFER_ENCODING_FORBIDDEN, each));
            lengths.forEach(each -> violations.add(Rule.CONTENT_LENGTH_FORBIDDEN, each));
        }
        if (line.version().equals("HTTP/1.0")) {
            encodings.forEach(each -> violations.add(Rule.TRANSFER_ENCODING_IN_HTTP_1_0, each));
        }
        var declared = declared(encodings, lengths, BodyFraming.CLOSE_DELIMITED);
        if (status == 101 || request.connected(status)) {
            return BodyFraming.TUNNEL;
        }
        return bodiless || status == 304 || request.head() ? BodyFraming.NONE : declared;
    }

    /** The framing that the two fields declare; {@code otherwise} if there is neither, or if the last coding is not chunked. */
    BodyFraming declared(List<FieldLine> encodings, List<FieldLine> lengths, BodyFraming otherwise) {
        BodyFraming byLength = lengths.isEmpty() ? otherwise : contentLength(lengths);
        if (encodings.isEmpty()) {
            return byLength;
        }
        if (!lengths.isEmpty()) {
            encodings.forEach(each -> violations.add(Rule.TRANSFER_ENCODING_AND_CONTENT_LENGTH, each));
            lengths.forEach(each -> violations.add(Rule.TRANSFER_ENCODING_AND_CONTENT_LENGTH, each));
        }
        return transferEncoding(encodings) ? BodyFraming.CHUNKED : otherwise;
    }

    /** Whether chunked is the last coding. Envoy accepts a single line {@code chunked} only. */
    private boolean transferEncoding(List<FieldLine> encodings) {
        if (encodings.size() > 1) {
            encodings.forEach(each -> violations.add(Rule.DUPLICATE_TRANSFER_ENCODING, each));
        }
        var last = "";
        for (var line : encodings) {
            if (line.value().isEmpty()) {
                violations.add(Rule.EMPTY_TRANSFER_ENCODING, line);
            } else if (!line.value().equalsIgnoreCase("chunked")) {
                violations.add(Rule.UNSUPPORTED_TRANSFER_ENCODING, line);
            }
            for (var coding : line.value().split(",", -1)) {
                last = coding.isBlank() ? last : coding.strip();
            }
        }
        return last.equalsIgnoreCase("chunked");
    }

    private BodyFraming contentLength(List<FieldLine> lengths) {
        if (lengths.size() > 1) {
            lengths.forEach(each -> violations.add(Rule.DUPLICATE_CONTENT_LENGTH, each));
        }
        long agreed = -1;
        boolean usable = true;
        for (var line : lengths) {
            if (line.value().contains(",")) {
                violations.add(Rule.DUPLICATE_CONTENT_LENGTH, line);
            }
            for (var value : line.value().split(",", -1)) {
                long length = number(value.strip());
                if (length < 0) {
                    violations.add(Rule.INVALID_CONTENT_LENGTH, line);
                }
                usable &= length >= 0 && (agreed < 0 || agreed == length);
                agreed = length;
            }
        }
        return usable ? BodyFraming.contentLength(agreed) : BodyFraming.UNKNOWN;
    }

    private static long number(String text) {
        if (text.startsWith("+") || text.startsWith("-")) {
            return -1;
        }
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            return -1;
        }
    }

    private static List<FieldLine> lines(List<FieldLine> fields, String name) {
        var found = new ArrayList<FieldLine>(0);
        for (var field : fields) {
            if (field.is(name)) {
                found.add(field);
            }
        }
        return found;
    }
}
