// SPDX-License-Identifier: Apache-2.0
package upstreamreset.explain;

import java.util.Optional;
import upstreamreset.accesslog.AccessLogEntry;
import upstreamreset.accesslog.LogLine;
import upstreamreset.accesslog.LoggedExchange;
import upstreamreset.accesslog.ResetReason;
import upstreamreset.accesslog.ResponseCodeDetails;
import upstreamreset.accesslog.ResponseFlag;
import upstreamreset.accesslog.Side;
import upstreamreset.verdict.GrpcReply;

/**
 * One proxy's line about a request.
 *
 * @param source the pod that logged it; empty if unknown
 * @param namespace that of the pod; empty if unknown
 * @param exchange the line's facts about the request
 */
public record Hop(Side side, String source, String namespace, LoggedExchange exchange) {
    public static Hop of(LogLine.Access line) {
        return new Hop(Side.of(line.entry()), line.source(), line.namespace(), LoggedExchange.of(line.entry()));
    }

    public AccessLogEntry entry() {
        return exchange.entry();
    }

    /** For example {@code the server's sidecar (pod http-chunked-0)}. */
    public String text() {
        return side.text() + (source.isEmpty() ? "" : " (pod " + source + ")");
    }

    /** Whether this proxy's 200 is its own answer to a gRPC call. */
    GrpcReply.Reading grpc() {
        return GrpcReply.of(exchange);
    }

    /** The reason as the details give it, else as the length of Envoy's own body gives it away. */
    Optional<ResetReason> reason() {
        var details = exchange.details();
        return details.isPresent() ? details.get().reason() : ReplyLength.reason(entry());
    }

    /** Whether this proxy refused the bytes of a response: then its codec has said why. */
    boolean refusedBytes() {
        return exchange.has(ResponseFlag.UPE) || reason().equals(Optional.of(new ResetReason("protocol error")));
    }

    /** Whether this proxy refused what the client sent as HTTP/2: then its {@code http2} logger has said why. */
    boolean refusedHttp2Request() {
        return exchange.details().filter(ResponseCodeDetails::ofHttp2Codec).isPresent();
    }
}
