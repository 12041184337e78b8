// SPDX-License-Identifier: Apache-2.0
package upstreamreset.inspect;

import org.jspecify.annotations.Nullable;
import upstreamreset.http1.RequestReader;
import upstreamreset.wire.Bytes;

/** Tells of each request on a connection when its head is whole; most are plain, and then nothing is read. */
final class RequestTrack {
    /** The head of a plain request is kept as it is. */
    private static final int MOST_KEPT = 1 << 11;

    /** Whoever wants them. Not a function: an object of a lambda is made slowly, and there is one for each connection. */
    interface Listener {
        void heard(SeenRequest request);
    }

    private final Listener listener;
    private @Nullable RequestReader reader;

    RequestTrack(Listener listener) {
        this.listener = listener;
    }

    void data(byte[] bytes, int from, int length, long nanos) {
        int to = from + length;
        for (int at = from; at < to; ) {
            int plain = reader == null || reader.atItsStart() ? PlainRequest.length(bytes, at, to) : 0;
            if (plain > 0 && plain <= MOST_KEPT) {
                listener.heard(new SeenRequest.Plain(Bytes.of(bytes, at, plain), nanos));
                at += plain;
            } else {
                at += read(bytes, at, to, nanos);
            }
        }
    }

    private int read(byte[] bytes, int from, int to, long nanos) {
        var reading = reader();
        int used = reading.feed(bytes, from, to);
        reading.head().ifPresent(head -> listener.heard(SeenRequest.Read.of(head, nanos)));
        return used;
    }

    private RequestReader reader() {
        var reading = reader == null ? new RequestReader() : reader;
        reader = reading;
        return reading;
    }

    /** How many bytes it keeps room for. */
    long held() {
        return reader == null ? 0 : reader.held();
    }

    /** Bytes are missing. */
    void gap(long length) {
        reader().gap(length);
    }

    /** A response has opened a tunnel: nothing more is a request. */
    void tunnel() {
        reader().tunnel();
    }
}
