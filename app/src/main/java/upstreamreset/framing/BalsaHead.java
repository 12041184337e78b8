// SPDX-License-Identifier: Apache-2.0
package upstreamreset.framing;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

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
    private byte[] bytes = {};
    /** Where the name of each field begins and its colon stands, and where its value begins and ends. */
    private int[] spans = new int[4 * 8];

    private int count;
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

    /** How many bytes it keeps room for, the section's own not counted. */
    long held() {
        return 4L * spans.length;
    }

    /** How many fields there are. What is said of them is valid as long as the section's bytes are. */
    int count() {
        return count;
    }

    /** Whether a field's name is a token, which the parser itself does not ask. */
    boolean validName(int field) {
        for (int i = spans[4 * field]; i < spans[4 * field + 1]; i++) {
            if (!Characters.token(bytes[i])) {
                return false;
            }
        }
        return true;
    }

    /** Whether a field has this name, which is given in lower case. */
    boolean named(int field, String lower) {
        int begin = spans[4 * field];
        if (spans[4 * field + 1] - begin != lower.length()) {
            return false;
        }
        for (int i = 0; i < lower.length(); i++) {
            int b = bytes[begin + i];
            if ((b >= 'A' && b <= 'Z' ? b | 0x20 : b) != lower.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    String name(int field) {
        return latin1(bytes, spans[4 * field], spans[4 * field + 1]);
    }

    /** A field's value as the codec gets it: with the line ends in it, if it was folded. */
    String value(int field) {
        return latin1(bytes, spans[4 * field + 2], spans[4 * field + 3]);
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
        this.bytes = bytes;
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
        if (4 * count == spans.length) {
            spans = Arrays.copyOf(spans, 2 * spans.length);
        }
        spans[4 * count] = begin;
        spans[4 * count + 1] = colon;
        spans[4 * count + 2] = value;
        spans[4 * count + 3] = end;
        count++;
        return null;
    }

    private boolean nameless(int field) {
        return spans[4 * field] == spans[4 * field + 1];
    }

    private @Nullable String names() {
        for (int field = 0; field < count; field++) {
            if (nameless(field)) {
                return "INVALID_TRAILER_FORMAT";
            }
        }
        return null;
    }

    /** ProcessHeaderLines after the fields are known: what they mean for the framing. */
    private @Nullable String framing() {
        String encoding = "";
        for (int field = 0; field < count; field++) {
            if (nameless(field)) {
                return "INVALID_HEADER_FORMAT";
            }
            if (named(field, "content-length")) {
                if (contentLength(value(field))) {
                    return "HPE_UNEXPECTED_CONTENT_LENGTH";
                }
            } else if (named(field, "transfer-encoding")) {
                transferEncoding = true;
                encoding = value(field);
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

    private static String latin1(byte[] bytes, int from, int to) {
        return new String(bytes, from, to - from, StandardCharsets.ISO_8859_1);
    }
}
