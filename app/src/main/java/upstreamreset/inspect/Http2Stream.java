// SPDX-License-Identifier: Apache-2.0
package upstreamreset.inspect;

import java.util.Optional;
import upstreamreset.http2.StreamResponse;

/**
 * The properties that only a response in HTTP/2 has.
 *
 * @param id the stream's, as in Wireshark's {@code http2.streamid}
 * @param authority the host that was asked, or empty
 * @param statusUnknown whether a head with an undecodable status came
 * @param grpc the end of its gRPC call, if it is one and the end is known
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
