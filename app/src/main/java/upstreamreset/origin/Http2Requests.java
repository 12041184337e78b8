// SPDX-License-Identifier: Apache-2.0
package upstreamreset.origin;

import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/** Finds the beginning and end of a request in a client's HTTP/2 frames (RFC 9113 §8.1). */
final class Http2Requests implements RequestSource {
    private final InputStream in;
    private final Http2Frames frames = new Http2Frames();
    private final byte[] buffer = new byte[8192];
    private boolean ended;

    Http2Requests(InputStream in) {
        this.in = in;
    }

    @Override
    public boolean head() throws IOException {
        ended = false;
        for (var frame = frame(); frame.isPresent(); frame = frame()) {
            if (frame.get().headers()) {
                return true;
            }
        }
        return false;
    }

    @Override
    public void body() throws IOException {
        while (!ended && frame().isPresent()) {
            // the stream's data; the origin has one stream at a time
        }
    }

    /** Reads one frame, and notes whether it ends its stream; empty at the end of the connection. */
    private Optional<Http2Frames.Frame> frame() throws IOException {
        var frame = frames.next();
        while (frame.isEmpty()) {
            int count = in.read(buffer);
            if (count < 0) {
                return frame;
            }
            frames.feed(buffer, 0, count);
            frame = frames.next();
        }
        ended |= frame.get().endsStream();
        return frame;
    }
}
