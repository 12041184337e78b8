// SPDX-License-Identifier: Apache-2.0
package upstreamreset.inspect;

import java.util.Optional;
import upstreamreset.http1.RequestContext;
import upstreamreset.http1.RequestHead;
import upstreamreset.verdict.JudgedResponse;

/**
 * A request on a connection: what of it decides how its response is read, and what people know it by.
 *
 * @param nanos when its head was whole, since the epoch
 */
record SeenRequest(RequestContext context, String target, Optional<String> id, long nanos) {
    static SeenRequest of(RequestHead head, long nanos) {
        return new SeenRequest(head.context(), head.target(), head.field("x-request-id"), nanos);
    }

    /** For a response whose request was not captured. */
    static SeenRequest unknown(long nanos) {
        return new SeenRequest(RequestContext.of("?"), "?", Optional.empty(), nanos);
    }

    JudgedResponse.Request request() {
        return new JudgedResponse.Request(context.method(), target, id);
    }

    /** Whether its method leaves the response a body. */
    boolean leavesBody() {
        return !context.head() && !context.connect();
    }
}
