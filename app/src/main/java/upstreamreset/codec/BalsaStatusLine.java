// SPDX-License-Identifier: Apache-2.0
package upstreamreset.codec;

import java.util.Arrays;
import upstreamreset.http1.Characters;

/**
 * Reads a status line as Envoy's parser does, quirks included (quiche/balsa/balsa_frame.cc, {@code ProcessFirstLine}).
 *
 * @param error the parser's error; empty for none
 * @param knownVersion whether Envoy's codec accepts the version, which the parser itself ignores
 * @param status as Envoy keeps it, in 16 bits (envoy/http/codes.h)
 * @param bodiless whether a response with this status has no body: {@code BalsaHeaders::ResponseCanHaveBody}, negated
 */
record BalsaStatusLine(String error, boolean knownVersion, int status, boolean bodiless) {
    private static final byte[] HTTP = {'H', 'T', 'T', 'P', '/'};

    /** A section without a status line: trailers. */
    static final BalsaStatusLine NONE = new BalsaStatusLine(EnvoyCodec.NO_ERROR, true, 0, false);

    /** Reads bytes [0, end), line end included; the first one is not white space. */
    static BalsaStatusLine read(byte[] bytes, int end) {
        int stop = end;
        while (stop > 0 && (bytes[stop - 1] == '\n' || bytes[stop - 1] == '\r')) {
            stop--;
        }
        int version = word(bytes, 0, stop);
        int code = space(bytes, version, stop);
        int codeEnd = word(bytes, code, stop);
        int reason = space(bytes, codeEnd, stop);
        if (code == codeEnd) {
            return refused("FAILED_TO_FIND_WS_AFTER_RESPONSE_VERSION");
        }
        long number = statusCode(bytes, code, reason);
        if (number < 0) {
            return refused("FAILED_CONVERTING_STATUS_CODE_TO_INT");
        }
        boolean bodiless = (number >= 100 && number < 200) || number == 204 || number == 304;
        boolean known = version == 0 || knownVersion(bytes, version);
        return new BalsaStatusLine(EnvoyCodec.NO_ERROR, known, (int) (number & 0xFFFF), bodiless);
    }

    private static BalsaStatusLine refused(String error) {
        return new BalsaStatusLine(error, true, 0, false);
    }

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

    /** absl::SimpleAtoi into size_t: it accepts surrounding white space and a plus sign. Returns -1 for its errors. */
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

    private static boolean knownVersion(byte[] bytes, int length) {
        return length == 8
                && Arrays.equals(bytes, 0, 5, HTTP, 0, 5)
                && Characters.digit(bytes[5])
                && bytes[6] == '.'
                && Characters.digit(bytes[7]);
    }
}
