// SPDX-License-Identifier: Apache-2.0
package upstreamreset.verdict;

import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import upstreamreset.accesslog.LogField;
import upstreamreset.accesslog.LoggedExchange;
import upstreamreset.accesslog.ResponseCodeDetails;
import upstreamreset.accesslog.ResponseFlag;
import upstreamreset.accesslog.Table;

/**
 * Decides whether a logged 200 is Envoy's own answer to a gRPC call: HTTP 200 with grpc-status in its head
 * ({@code sendLocalReply} in {@code source/common/http/utility.cc}).
 */
public final class GrpcReply {
    /** With these a response can have begun, or not. */
    private static final Set<ResponseFlag> EITHER = EnumSet.of(
            ResponseFlag.UC, ResponseFlag.UR, ResponseFlag.UT, ResponseFlag.UPE, ResponseFlag.LR, ResponseFlag.OM);

    /**
     * The grpc-status by flag or by the beginning of the details: what {@code httpToGrpcStatus} makes of the status that HTTP
     * would have had ({@code source/common/grpc/status.cc}), or what the filter sets itself. All others are 503 and 504: 14.
     */
    private static final Map<String, String> STATUS = Table.parse("""
            max_duration_timeout: 4 (DEADLINE_EXCEEDED)
            rbac_: 7 (PERMISSION_DENIED)
            jwt_authn_access_denied: 16 (UNAUTHENTICATED)
            ext_authz_denied: 7 (PERMISSION_DENIED) where the service said 403, or 16 (UNAUTHENTICATED) for 401, or 14 (UNAVAILABLE) for 429, or 2 (UNKNOWN)
            ext_authz_error: 7 (PERMISSION_DENIED)
            UAEX: 7 (PERMISSION_DENIED), or 16 (UNAUTHENTICATED) where the service said 401
            NR: 12 (UNIMPLEMENTED)
            route_not_found: 12 (UNIMPLEMENTED)
            RL: 14 (UNAVAILABLE), or 8 (RESOURCE_EXHAUSTED) where the filter is set to it
            FI: 14 (UNAVAILABLE), unless the fault names another
            RLSE: 2 (UNKNOWN)
            NFCF: 2 (UNKNOWN)
            IH: 13 (INTERNAL)
            DPE: 13 (INTERNAL)
            """);

    /** The meanings of a 200. */
    public enum Reading {
        /** No answer of Envoy to a gRPC call. */
        NONE,
        /** It is one. */
        CERTAIN,
        /** It is one, or a response that was cut off. */
        POSSIBLE
    }

    private GrpcReply() {}

    public static Reading of(LoggedExchange line) {
        if (line.status() != 200 || !line.madeHere() || line.byTheRoute() || line.tunnelEnded()) {
            return Reading.NONE;
        }
        var details = line.details();
        if (details.isPresent() && details.get().isReset()) {
            // With a body it is a reply that somebody's local_reply_config made a 200.
            boolean bodiless = line.entry().number(LogField.BYTES_SENT).orElse(0) == 0;
            if (details.get().resetBeforeResponse()) {
                return bodiless ? Reading.CERTAIN : Reading.NONE;
            }
            // A 1xx has begun the response, and its end is then a reply again.
            boolean none = line.entry().saysNone(LogField.UPSTREAM_SERVICE_TIME);
            return bodiless && none && speaksGrpc(line) ? Reading.POSSIBLE : Reading.NONE;
        }
        if (line.reach() == LoggedExchange.Reach.NOT_ASKED
                && !line.has(ResponseFlag.RFCF)
                && !line.has(ResponseFlag.DPE)) {
            // Not the service time: the one of the service that refused may be there.
            return hasBodyOrOtherMethod(line) ? Reading.NONE : Reading.CERTAIN;
        }
        return began(line) ? Reading.NONE : notBegun(line);
    }

    private static boolean began(LoggedExchange line) {
        return hasBodyOrOtherMethod(line)
                || line.entry().text(LogField.UPSTREAM_SERVICE_TIME).isPresent();
    }

    private static boolean hasBodyOrOtherMethod(LoggedExchange line) {
        return line.entry().number(LogField.BYTES_SENT).orElse(0) > 0
                || !line.entry().text(LogField.METHOD).orElse("POST").equals("POST");
    }

    private static Reading notBegun(LoggedExchange line) {
        if (line.details().filter(ResponseCodeDetails::timedOut).isPresent()) {
            // The service time counts from the request's end, where the route's timeout begins; a stream's own may end
            // earlier.
            boolean certain = line.details().get().routeTimedOut()
                    && line.entry().saysNone(LogField.UPSTREAM_SERVICE_TIME)
                    && speaksGrpc(line);
            return certain ? Reading.CERTAIN : Reading.POSSIBLE;
        }
        return line.details().isEmpty() && line.flags().stream().anyMatch(EITHER::contains)
                ? Reading.POSSIBLE
                : Reading.NONE;
    }

    private static boolean speaksGrpc(LoggedExchange line) {
        return line.entry().text(LogField.USER_AGENT).orElse("").contains("grpc")
                || line.entry().text(LogField.PROTOCOL).orElse("").equals("HTTP/2");
    }

    /** The grpc-status that the client saw: {@code 14 (UNAVAILABLE)}. */
    public static String status(LoggedExchange line) {
        var details = line.details().map(ResponseCodeDetails::name).orElse("");
        return STATUS.entrySet().stream()
                .filter(row -> details.startsWith(row.getKey())
                        || ResponseFlag.of(row.getKey()).filter(line::has).isPresent())
                .findFirst()
                .map(Map.Entry::getValue)
                .orElse("14 (UNAVAILABLE)");
    }
}
