// SPDX-License-Identifier: Apache-2.0
package upstreamreset.codec;

import upstreamreset.http1.CloseReason;
import upstreamreset.http1.RequestContext;
import upstreamreset.verdict.Verdict;

/** Feeds {@link EnvoyCodec} a response in one segment. */
public final class OneSegment {
    private OneSegment() {}

    /** The verdict on all the bytes that answer one request. */
    public static Verdict judge(String version, String method, byte[] bytes, CloseReason closedBy) {
        var codec = new EnvoyCodec(version, RequestContext.of(method));
        codec.dispatch(bytes, 0, bytes.length);
        return codec.verdict(closedBy);
    }
}
