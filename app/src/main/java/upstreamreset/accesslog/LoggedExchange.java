// SPDX-License-Identifier: Apache-2.0
package upstreamreset.accesslog;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Decides from one access-log line whether the exchange failed, whether the proxy that logged it made the response itself,
 * and whether the request went on to the upstream.
 *
 * @param flags those that are Envoy's, in the order logged
 * @param details {@code %RESPONSE_CODE_DETAILS%}, where the log has them
 */
public record LoggedExchange(
        AccessLogEntry entry,
        List<ResponseFlag> flags,
        boolean hasForeignFlags,
        Optional<ResponseCodeDetails> details) {
    /** Flags with which a response is not a failure: it came from a cache, or late on purpose. */
    private static final Set<ResponseFlag> HARMLESS = Set.of(ResponseFlag.RFCF, ResponseFlag.DI);

    /** These may end a request of which an earlier try had reached the upstream. */
    private static final Set<ResponseFlag> AFTER_TRIES =
            Set.of(ResponseFlag.UF, ResponseFlag.UH, ResponseFlag.UO, ResponseFlag.DO, ResponseFlag.UDO);

    private static final Set<ResponseFlag> TUNNEL_ENDS = Set.of(ResponseFlag.UC, ResponseFlag.DC);

    public LoggedExchange {
        flags = List.copyOf(flags);
    }

    public static LoggedExchange of(AccessLogEntry entry) {
        var logged = entry.flags();
        var details = entry.details();
        var flags =
                logged.stream().map(ResponseFlag::of).flatMap(Optional::stream).toList();
        if (!entry.fields().containsKey(LogField.RESPONSE_FLAGS)) {
            // A cut line, or a format without flags: the reason says which it was.
            flags = details.flatMap(ResponseCodeDetails::reason).flatMap(ResetReason::flag).stream()
                    .toList();
        }
        return new LoggedExchange(entry, flags, flags.size() < logged.size(), details);
    }

    /** The client's status; 0 if it got none, or if the line does not say: {@link #saysStatus}. */
    public int status() {
        return entry.status().orElse(0);
    }

    /** Whether the line has a status at all: a cut one may not. */
    public boolean saysStatus() {
        return entry.status().isPresent();
    }

    /** Whether the line says that the client got nothing. */
    public boolean hadNoResponse() {
        return saysStatus() && status() == 0;
    }

    public boolean has(ResponseFlag flag) {
        return flags.contains(flag);
    }

    /** Whether this proxy itself made or cut the response. */
    public boolean madeHere() {
        if (!failed()) {
            return false;
        }
        return details.map(each -> !each.viaUpstream())
                .orElseGet(() -> !entry.flags().isEmpty()
                        || entry.text(LogField.UPSTREAM_SERVICE_TIME).isEmpty());
    }

    /** A 4xx that the upstream sent, or that a route is to send, is an answer, not a failure. */
    public boolean failed() {
        if (tunnelEnded()) {
            return false;
        }
        boolean own =
                details.map(each -> !each.viaUpstream() && !each.byTheRoute()).orElse(false);
        return status() >= 500
                || endedWithoutUpstream()
                || details.filter(ResponseCodeDetails::isReset).isPresent()
                || (hadNoResponse() && !isTcp())
                || (status() >= 400 && own)
                || (!saysStatus()
                        && own
                        && details.filter(ResponseCodeDetails::refuses).isPresent())
                || deniedConnection()
                || refusedGrpc()
                || !HARMLESS.containsAll(flags)
                || hasForeignFlags;
    }

    /** Whether the proxy refused a gRPC call, which it answers with 200 and, for an authorization policy or a limit, no flag. */
    private boolean refusedGrpc() {
        return status() == 200
                && flags.isEmpty()
                && entry.text(LogField.METHOD).orElse("POST").equals("POST")
                && details.filter(each -> !each.viaUpstream() && each.refuses()).isPresent();
    }

    /** Whether it was a TCP connection, of which Istio's formats say {@code "- - -" 0}: there was no request. */
    public boolean isTcp() {
        return hadNoResponse()
                && entry.text(LogField.METHOD).isEmpty()
                && entry.text(LogField.PATH).isEmpty()
                && !has(ResponseFlag.DC)
                && !has(ResponseFlag.DPE);
    }

    /** Whether a TCP connection ended before it got an upstream or moved a byte: its TLS handshake failed, for example. */
    private boolean endedWithoutUpstream() {
        return isTcp()
                && entry.text(LogField.RESPONSE_CODE).isPresent()
                && entry.text(LogField.UPSTREAM_HOST).isEmpty()
                && entry.text(LogField.UPSTREAM_CLUSTER).isEmpty()
                && entry.number(LogField.BYTES_SENT).equals(OptionalLong.of(0))
                && entry.number(LogField.BYTES_RECEIVED).equals(OptionalLong.of(0));
    }

    /** Whether an authorization policy closed a TCP connection, which only its termination details say. */
    public boolean deniedConnection() {
        return isTcp()
                && entry.text(LogField.CONNECTION_TERMINATION_DETAILS)
                        .filter(details -> details.startsWith("rbac_access_denied"))
                        .isPresent();
    }

    /** Whether it was a tunnel, a websocket for example, that one of the two sides closed: how each of them ends. */
    public boolean tunnelEnded() {
        boolean tunnel = status() == 101
                || (status() == 200 && entry.text(LogField.METHOD).equals(Optional.of("CONNECT")));
        return tunnel && !flags.isEmpty() && !hasForeignFlags && TUNNEL_ENDS.containsAll(flags);
    }

    /** Whether the client closed its connection or cancelled its request. */
    public boolean clientLeft() {
        return has(ResponseFlag.DC)
                || has(ResponseFlag.DR)
                || details.map(ResponseCodeDetails::name).equals(Optional.of("downstream_remote_disconnect"));
    }

    /** Whether the route itself answered, as somebody configured it to. */
    public boolean byTheRoute() {
        return details.map(ResponseCodeDetails::byTheRoute).orElse(false);
    }

    /** Whether the request went on to the upstream. */
    public enum Reach {
        ASKED,
        NOT_ASKED,
        /** Flags and details are unknown. */
        UNSAID
    }

    public Reach reach() {
        if (clientCancelled()) {
            return entry.text(LogField.UPSTREAM_HOST).isPresent() || status() > 0 ? Reach.ASKED : Reach.UNSAID;
        }
        if (flags.stream().anyMatch(ResponseFlag::beforeUpstream)
                || details.map(ResponseCodeDetails::beforeUpstream).orElse(false)
                || shedByOverload()) {
            return Reach.NOT_ASKED;
        }
        boolean said = !flags.isEmpty()
                || details.map(each -> each.words().isPresent()).orElse(!hasForeignFlags);
        return said ? Reach.ASKED : Reach.UNSAID;
    }

    /** Whether the proxy ended the request before it chose an upstream, so that no try of it can have gone on. */
    public boolean stoppedBeforeRouting() {
        return !isTcp()
                && reach() == Reach.NOT_ASKED
                && !has(ResponseFlag.URX)
                && flags.stream().noneMatch(AFTER_TRIES::contains);
    }

    /** The client reset its stream, or sent refused bytes, while the request was already running. */
    private boolean clientCancelled() {
        return has(ResponseFlag.DR)
                || (has(ResponseFlag.DPE)
                        && (entry.text(LogField.UPSTREAM_LOCAL_ADDRESS).isPresent()
                                || (status() > 0 && status() < 400)));
    }

    /** The overload manager refuses new requests without a flag; OM is of streams that it ends later. */
    private boolean shedByOverload() {
        return flags.isEmpty()
                && (status() >= 400 || status() == 200)
                && details.map(ResponseCodeDetails::name).equals(Optional.of("overload"));
    }
}
