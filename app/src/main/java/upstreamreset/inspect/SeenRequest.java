// SPDX-License-Identifier: Apache-2.0
package upstreamreset.inspect;

import java.util.Optional;
import upstreamreset.http1.RequestContext;
import upstreamreset.http1.RequestHead;
import upstreamreset.verdict.JudgedResponse;
import upstreamreset.wire.Bytes;

/**
 * A request on a connection: what of it decides how its response is read, and its head, which is read again only for a
 * response that is told of.
 *
 * @param head empty if it was not captured
 * @param nanos when its head was whole, since the epoch
 */
record SeenRequest(RequestContext context, Bytes head, long nanos) {
    private static final String ID = "x-request-id";

    static SeenRequest of(RequestHead head, long nanos) {
        return new SeenRequest(head.context(), head.copy(ID), nanos);
    }

    /** For a response whose request was not captured. */
    static SeenRequest unknown(long nanos) {
        return new SeenRequest(RequestContext.of("?"), Bytes.EMPTY, nanos);
    }

    JudgedResponse.Request request() {
        if (head.length() == 0) {
            return new JudgedResponse.Request(context.method(), "?", Optional.empty());
        }
        var read = RequestHead.of(head);
        return new JudgedResponse.Request(context.method(), read.target(), read.field(ID));
    }

    /** Whether its method leaves the response a body. */
    boolean leavesBody() {
        return !context.head() && !context.connect();
    }
}
