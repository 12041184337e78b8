// SPDX-License-Identifier: Apache-2.0
package upstreamreset.inspect;

import upstreamreset.http1.RequestReader;

/** Tells of each request on a connection when its head is whole. */
final class RequestTrack {
    /** Whoever wants them. Not a function: an object of a lambda is made slowly, and there is one for each connection. */
    interface Listener {
        void heard(SeenRequest request);
    }

    private final Listener listener;
    private final RequestReader reader = new RequestReader();

    RequestTrack(Listener listener) {
        this.listener = listener;
    }

    void data(byte[] bytes, int from, int length, long nanos) {
        int to = from + length;
        for (int at = from; at < to; ) {
            at += reader.feed(bytes, at, to);
            reader.head().ifPresent(head -> listener.heard(SeenRequest.of(head, nanos)));
        }
    }

    /** How many bytes it keeps room for. */
    long held() {
        return reader.held();
    }

    /** Bytes are missing. */
    void gap(long length) {
        reader.gap(length);
    }

    /** A response has opened a tunnel: nothing more is a request. */
    void tunnel() {
        reader.tunnel();
    }
}
