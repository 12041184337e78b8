// SPDX-License-Identifier: Apache-2.0
package upstreamreset.origin;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Finds where a request begins and ends in a client's HTTP/2 frames; reads no field (RFC 9113 §3.4, §4.1, §8.1). */
final class Http2Requests implements RequestSource {
    private static final byte[] PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final int DATA = 0;
    private static final int HEADERS = 1;
    private static final int END_STREAM = 1;

    private final InputStream in;
    private boolean prefaceRead;
    private boolean ended;

    Http2Requests(InputStream in) {
        this.in = in;
    }

    @Override
    public boolean head() throws IOException {
        if (!prefaceRead) {
            var preface = in.readNBytes(PREFACE.length);
            if (!Arrays.equals(preface, PREFACE)) {
                return false;
            }
            prefaceRead = true;
        }
        ended = false;
        while (true) {
            int type = frame();
            if (type < 0) {
                return false;
            }
            if (type == HEADERS) {
                return true;
            }
        }
    }

    @Override
    public void body() throws IOException {
        while (!ended && frame() >= 0) {
            // the stream's data; the origin has one stream at a time
        }
    }

    /** Reads one frame, notes whether it ends its stream, and returns its type; -1 at the end. */
    private int frame() throws IOException {
        var header = in.readNBytes(9);
        if (header.length < 9) {
            return -1;
        }
        in.skipNBytes((header[0] & 0xff) << 16 | (header[1] & 0xff) << 8 | (header[2] & 0xff));
        int type = header[3];
        ended |= (type == DATA || type == HEADERS) && (header[4] & END_STREAM) != 0;
        return type;
    }
}
