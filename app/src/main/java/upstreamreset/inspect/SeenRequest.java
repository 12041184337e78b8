// SPDX-License-Identifier: Apache-2.0
package upstreamreset.inspect;

import java.util.Optional;
import upstreamreset.http1.RequestContext;
import upstreamreset.http1.RequestHead;
import upstreamreset.tcp.Arrival;
import upstreamreset.verdict.JudgedResponse;
import upstreamreset.wire.Bytes;

/**
 * A request on a connection: the facts that decide how its response is read, and its head, which is parsed again only
 * for a reported response.
 *
 * @param head empty if it was not captured
 * @param nanos when its head was complete, since the epoch
 * @param end the end of its head in the client's bytes; for unseen requests, their beginning
 * @param acknowledged how many of the server's bytes the client had when it sent the end of the head, {@link
 *     Arrival#UNKNOWN} if nobody knows; for unseen requests, where the first of the server's bytes are that it sent
 *     when it had received some of them
 */
record SeenRequest(RequestContext context, Bytes head, long nanos, long end, long acknowledged) {
    private static final long NOT_ANSWERED = Long.MAX_VALUE;
    private static final String ID = "x-request-id";

    static SeenRequest of(RequestHead head, long nanos, long end, long acknowledged) {
        return new SeenRequest(head.context(), head.copy(ID), nanos, end, acknowledged);
    }

    /** For a response whose request was not captured. */
    static SeenRequest unknown(long nanos) {
        return new SeenRequest(RequestContext.UNKNOWN, Bytes.EMPTY, nanos, 0, Arrival.UNKNOWN);
    }

    /** For any number of uncaptured or unreadable requests from {@code begin} on in the client's bytes. */
    static SeenRequest unseen(long nanos, long begin) {
        return new SeenRequest(RequestContext.UNKNOWN, Bytes.EMPTY, nanos, begin, NOT_ANSWERED);
    }

    /** The same where the server sent its bytes from {@code at} on when it had received some of it. */
    SeenRequest answeredFrom(long at) {
        return new SeenRequest(context, head, nanos, end, at);
    }

    /** Whether it is not known of unseen requests that the server has received any of them. */
    boolean unheard() {
        return !known() && acknowledged == NOT_ANSWERED;
    }

    JudgedResponse.Request request() {
        if (head.length() == 0) {
            return new JudgedResponse.Request(context.method(), "?", Optional.empty());
        }
        var read = RequestHead.of(head);
        return new JudgedResponse.Request(context.method(), read.target(), read.field(ID));
    }

    /** Whether it was captured. */
    boolean known() {
        return head.length() > 0;
    }

    /**
     * Whether bytes before {@code at} answer it, or some of the requests that it represents: then it was received
     * before.
     */
    boolean answeredBefore(long at) {
        return acknowledged < at;
    }

    /** Whether it can be answered by bytes that begin at {@code at}: the client had not received them when it asked. */
    boolean sentBefore(long at) {
        return acknowledged <= at;
    }

    /** Whether the server had all of its head, after {@code received} bytes of the client's; true if unknown. */
    boolean receivedBy(long received) {
        return received == Arrival.UNKNOWN || end <= received;
    }

    /** Whether it can be answered by bytes that begin at {@code at}, which the server sent when it had {@code received} bytes. */
    boolean allows(long at, long received) {
        return known() && sentBefore(at) && received != Arrival.UNKNOWN && receivedBy(received);
    }

    /** Whether its method leaves the response a body. */
    boolean leavesBody() {
        return !context.head() && !context.connect();
    }
}
