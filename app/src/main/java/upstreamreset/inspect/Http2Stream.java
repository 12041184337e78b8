// SPDX-License-Identifier: Apache-2.0
package upstreamreset.inspect;

import java.util.Optional;
import upstreamreset.http2.StreamResponse;

/**
 * What a response in HTTP/2 has beside one in HTTP/1.
 *
 * @param id the stream's, as in Wireshark's {@code http2.streamid}
 * @param authority the host that was asked, or empty
 * @param statusUnknown whether a head came whose status nobody can tell
 * @param grpc how its gRPC call ended, if it is one and that is known
 */
record Http2Stream(int id, String authority, boolean statusUnknown, Optional<GrpcStatus> grpc) {
    static Http2Stream of(int id, String authority, StreamResponse response) {
        return new Http2Stream(
                id,
                authority,
                response.statusUnknown(),
                GrpcStatus.of(response.lastValue("grpc-status"), response.lastValue("grpc-message")));
    }

    /** Whether it is a gRPC call that failed. */
    boolean failed() {
        return grpc.isPresent() && grpc.get().code() != 0;
    }
}
