// SPDX-License-Identifier: Apache-2.0
package upstreamreset.origin;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import upstreamreset.http1.RequestReader;

/** Requests of HTTP/1, from a stream: it reads ahead, and keeps what belongs to the next request. */
final class Http1Requests implements RequestSource {
    private final InputStream in;
    private final RequestReader requests = new RequestReader();
    private final byte[] buffer = new byte[8192];
    private int from;
    private int to;

    Http1Requests(InputStream in) {
        this.in = in;
    }

    @Override
    public boolean head() throws IOException {
        if (from == to && !more()) {
            return false;
        }
        do {
            feed();
        } while (requests.head().isEmpty());
        return true;
    }

    @Override
    public void body() throws IOException {
        while (requests.inBody()) {
            feed();
        }
    }

    private void feed() throws IOException {
        if (from == to && !more()) {
            throw new EOFException("the request ends in its middle");
        }
        from += requests.feed(buffer, from, to);
        if (requests.lost()) {
            throw new IOException("what came is no request, or its length is not clear");
        }
    }

    private boolean more() throws IOException {
        from = 0;
        to = Math.max(0, in.read(buffer));
        return to > 0;
    }
}
