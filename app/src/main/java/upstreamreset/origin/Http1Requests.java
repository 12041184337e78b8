// SPDX-License-Identifier: Apache-2.0
package upstreamreset.origin;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import upstreamreset.http1.RequestReader;

/** Reads HTTP/1 requests from a stream; it reads ahead and keeps the bytes of the next request. */
final class Http1Requests implements RequestSource {
    private static final String END_OF_HEAD = "\r\n\r\n";

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
            int begin = from == to ? 0 : from;
            if (!read() && !otherHead(begin)) {
                throw lost();
            }
        } while (requests.head().isEmpty() && !requests.lost());
        return true;
    }

    /** Whether the text is a head of another protocol, such as HTTP/2's preface, which an HTTP/1 server answers too. */
    private boolean otherHead(int begin) {
        var text = new String(buffer, begin, to - begin, StandardCharsets.ISO_8859_1);
        int end = text.indexOf(END_OF_HEAD);
        from = begin + end + END_OF_HEAD.length();
        return end > 0;
    }

    @Override
    public void body() throws IOException {
        while (requests.inBody()) {
            if (!read()) {
                throw lost();
            }
        }
    }

    /** Passes bytes on; false if they are not a request, or its length is ambiguous. */
    private boolean read() throws IOException {
        if (from == to && !more()) {
            throw new EOFException("the request is truncated");
        }
        from += requests.feed(buffer, from, to);
        return !requests.lost();
    }

    private static IOException lost() {
        return new IOException("the bytes are not a request, or its length is ambiguous");
    }

    private boolean more() throws IOException {
        from = 0;
        to = Math.max(0, in.read(buffer));
        return to > 0;
    }
}
