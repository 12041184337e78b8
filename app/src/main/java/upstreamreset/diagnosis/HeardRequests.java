// SPDX-License-Identifier: Apache-2.0
package upstreamreset.diagnosis;

import java.util.function.Consumer;
import upstreamreset.framing.RequestReader;

/** Tells of each request on a connection when its head is whole. */
final class HeardRequests {
    private final RequestReader reader = new RequestReader();
    private final Consumer<HeardRequest> heard;

    HeardRequests(Consumer<HeardRequest> heard) {
        this.heard = heard;
    }

    void data(byte[] bytes, int from, int length, long nanos) {
        int to = from + length;
        for (int at = from; at < to; ) {
            at += reader.feed(bytes, at, to);
            reader.head()
                    .ifPresent(head -> heard.accept(
                            new HeardRequest(head.asked(), head.target(), head.field("x-request-id"), nanos)));
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
