// SPDX-License-Identifier: Apache-2.0
package upstreamreset.inspect;

import java.util.Arrays;
import upstreamreset.http1.RequestReader;

/** Tells which protocol a client speaks, by its first bytes. */
enum ClientProtocol {
    UNKNOWN,
    HTTP1,
    HTTP2,
    TLS,
    OTHER;

    private static final byte[] PREFACE = {'P', 'R', 'I', ' ', '*', ' ', 'H', 'T', 'T', 'P', '/', '2'};

    static ClientProtocol of(byte[] bytes, int from, int to) {
        if (to - from >= PREFACE.length
                && Arrays.equals(bytes, from, from + PREFACE.length, PREFACE, 0, PREFACE.length)) {
            return HTTP2;
        }
        if (to - from >= 3 && bytes[from] == 0x16 && bytes[from + 1] == 3) {
            return TLS;
        }
        if (RequestReader.beginsWithMethod(bytes, from, to)) {
            return HTTP1;
        }
        return couldBeMethod(bytes, from, to) ? HTTP1 : OTHER;
    }

    /** A first segment may end within the method. */
    private static boolean couldBeMethod(byte[] bytes, int from, int to) {
        for (int i = from; i < to; i++) {
            if ((bytes[i] < 'A' || bytes[i] > 'Z') && bytes[i] != '\r' && bytes[i] != '\n') {
                return false;
            }
        }
        return to - from < 20;
    }

    static boolean beginsAsResponse(byte[] bytes, int from, int to) {
        return to - from >= 7
                && bytes[from] == 'H'
                && bytes[from + 1] == 'T'
                && bytes[from + 2] == 'T'
                && bytes[from + 3] == 'P'
                && bytes[from + 4] == '/'
                && bytes[from + 5] == '1'
                && bytes[from + 6] == '.';
    }
}
