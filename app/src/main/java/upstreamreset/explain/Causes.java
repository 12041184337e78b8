// SPDX-License-Identifier: Apache-2.0
package upstreamreset.explain;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import upstreamreset.accesslog.LogField;
import upstreamreset.accesslog.ResetReason;
import upstreamreset.accesslog.ResponseCodeDetails;
import upstreamreset.accesslog.ResponseFlag;
import upstreamreset.accesslog.Side;
import upstreamreset.accesslog.Table;
import upstreamreset.verdict.GrpcReply;

/** Ranks the likely causes of a failed request, the most likely first, each with the command that checks it. */
final class Causes {
    /** Shorter than a handler takes, longer than a closed connection needs to be noticed. */
    private static final long AT_ONCE_MILLIS = 10;

    /** A connection that was closed while it was idle is noticed long before. */
    private static final long MAX_RACE_MILLIS = 1_000;

    /** No connect timeout is shorter, and no refusal takes so long. */
    private static final long MIN_CONNECT_TIMEOUT_MILLIS = 100;

    /** The flags that mean one cause each. */
    private static final Map<String, String> BY_FLAG = Table.parse("""
            UR: upstream-reset-stream
            UT: upstream-timeout
            SI: stream-idle-timeout
            UMSDR: max-duration
            DT: max-duration
            UO: circuit-breaker
            UH: no-healthy-upstream
            LH: health-check-failed
            NR: no-route
            NC: cluster-not-found
            DF: dns-failed
            LR: local-reset
            OM: overload
            DC: client-left
            DR: client-cancelled
            DPE: invalid-client-request
            IH: invalid-envoy-headers
            UAEX: external-authorization
            RL: rate-limited
            RLSE: rate-limited
            FI: fault-injected
            DI: fault-injected
            NFCF: filter-not-configured
            RFCF: cache-answered
            DO: drop-overload
            UDO: drop-overload
            """);

    /** What the transport failure's words, in lower case, mean: the first that is in them. */
    private static final Map<String, String> BY_TRANSPORT = Table.parse("""
            wrong_version_number: tls-plain-text-peer
            http_request: tls-plain-text-peer
            san_matcher: tls-name-mismatch
            san matcher: tls-name-mismatch
            certificate_verify_failed: tls-not-trusted
            alert: tls-peer-alert
            secret_is_not_supplied: tls-no-certificate
            secret is not supplied: tls-no-certificate
            tls_error:_connection_reset: tls-reset
            unexpected_eof: tls-reset
            tls: tls-handshake-failed
            certificate: tls-handshake-failed
            111: connection-refused
            refused: connection-refused
            113: no-route-to-host
            no route: no-route-to-host
            no_route: no-route-to-host
            101: network-unreachable
            unreachable: network-unreachable
            110: connect-timeout
            timed out: connect-timeout
            timed_out: connect-timeout
            104: connection-reset-at-connect
            reset: connection-reset-at-connect
            """);

    private final Hop hop;
    private final NextCommand next;
    private final IstioVersion version;
    private final boolean codecSaid;
    private final List<Cause> causes = new ArrayList<>();

    private Causes(Hop hop, IstioVersion version, boolean codecSaid) {
        this.hop = hop;
        this.next = new NextCommand(hop);
        this.version = version;
        this.codecSaid = codecSaid;
    }

    /** {@code codecSaid} leaves out the guesses at what the codec then has said. */
    static List<Cause> of(Hop hop, IstioVersion version, boolean codecSaid) {
        return new Causes(hop, version, codecSaid).ranked();
    }

    private List<Cause> ranked() {
        if (isBlackHole()) {
            add("registry-only");
        } else if (hop.exchange().madeHere()) {
            if (!client()) {
                hop.exchange().flags().forEach(this::flag);
                if (causes.isEmpty() && !codecSaid) {
                    details();
                }
            }
        } else {
            passedOn();
        }
        return causes.stream().distinct().toList();
    }

    /** Istio's own destination of what the mesh does not let out. */
    private boolean isBlackHole() {
        return hop.exchange().failed()
                && hop.entry().text(LogField.UPSTREAM_CLUSTER).equals(Optional.of("BlackHoleCluster"));
    }

    /** What the client did; says whether it was that. */
    private boolean client() {
        var name = hop.exchange().details().map(ResponseCodeDetails::name).orElse("");
        if (hop.exchange().status() == 408) {
            add(name.equals("max_duration_timeout") ? "max-duration" : "slow-client-request");
        } else if (name.startsWith("downstream_local_disconnect")) {
            add(name.contains("ping_timeout") ? "http2-ping-timeout" : "proxy-closed-client");
        } else if (hop.exchange().has(ResponseFlag.DPE) && name.equals("http1.codec_error")) {
            add(hop.entry().text(LogField.METHOD).isEmpty() ? "not-http1-on-listener" : "invalid-client-request");
        } else if (hop.exchange().has(ResponseFlag.DPE)
                && (name.startsWith("http2.") || name.startsWith("codec_error"))) {
            add("invalid-http2-request");
        }
        return !causes.isEmpty();
    }

    private void flag(ResponseFlag flag) {
        switch (flag) {
            case UPE -> protocolError();
            case UC -> terminated();
            case UF -> notConnected();
            case URX -> {} // What comes with it says why.
            default -> add(Objects.requireNonNull(BY_FLAG.get(flag.name())));
        }
    }

    private void protocolError() {
        if (hop.side() == Side.CLIENT) {
            add("server-without-sidecar");
        }
        if (hop.exchange().status() < 400 && !grpc()) {
            add("broken-body");
        } else if (!codecSaid) {
            if (grpc()) {
                add("invalid-http2-response");
                return;
            }
            add("duplicate-transfer-encoding");
            add("invalid-response-head");
            add("cut-in-head");
            add("wrong-protocol");
        }
    }

    private boolean grpc() {
        return hop.grpc() != GrpcReply.Reading.NONE;
    }

    private void terminated() {
        long received =
                hop.entry().number(LogField.UPSTREAM_WIRE_BYTES_RECEIVED).orElse(-1);
        boolean old = version.hidesProtocolErrors();
        if (old || received > 0) {
            protocolError();
        }
        if (received <= 0) {
            noBytes();
        }
        // From Istio 1.9 on its format has the details.
        if (!version.isKnown() && received < 0 && hop.exchange().details().isEmpty() && !grpc()) {
            add("old-protocol-error");
        }
    }

    private void noBytes() {
        if (hop.exchange()
                .details()
                .filter(ResponseCodeDetails::resetAfterResponse)
                .isPresent()) {
            add("response-cut");
            return;
        }
        long took = hop.entry().number(LogField.DURATION).orElse(-1);
        var known = KnownCause.of(took >= MAX_RACE_MILLIS ? "app-timeout" : "app-closed");
        var closed = new Cause(
                known.id(),
                known.words() + (took >= AT_ONCE_MILLIS ? ", after " + took + " ms" : ""),
                next.named(known.next()));
        if (took >= 0 && took < AT_ONCE_MILLIS) {
            add("keep-alive-race");
            causes.add(closed);
        } else {
            causes.add(closed);
            if (took < MAX_RACE_MILLIS) {
                add("keep-alive-race");
            }
        }
        if (took < MAX_RACE_MILLIS) {
            add("tls-expected");
        } else {
            add("app-closed");
        }
    }

    private void notConnected() {
        var why = hop.entry()
                .text(LogField.UPSTREAM_TRANSPORT_FAILURE_REASON)
                .or(() -> hop.exchange().details().flatMap(ResponseCodeDetails::transportFailure))
                .orElse("")
                .toLowerCase(Locale.ROOT);
        for (var row : BY_TRANSPORT.entrySet()) {
            if (why.contains(row.getKey())) {
                add(row.getValue());
                return;
            }
        }
        if (hop.reason().equals(Optional.of(new ResetReason("local connection failure")))) {
            add("local-connection-failure");
            return;
        }
        boolean said = hop.exchange()
                .details()
                .flatMap(ResponseCodeDetails::reason)
                .equals(Optional.of(new ResetReason("connection timeout")));
        long took = hop.entry().number(LogField.DURATION).orElse(-1);
        add(
                said || took >= MIN_CONNECT_TIMEOUT_MILLIS
                        ? "connect-timeout"
                        : took >= 0 ? "connection-refused" : "connection-failed");
    }

    private void details() {
        var details = hop.exchange().details();
        var words = details.flatMap(ResponseCodeDetails::words);
        if (hop.exchange().isTcp() && hop.exchange().flags().isEmpty()) {
            add("connection-ended-early");
        } else if (hop.exchange().byTheRoute()) {
            add(
                    hop.entry().text(LogField.ROUTE_NAME).equals(Optional.of("block_all"))
                            ? "registry-only"
                            : "direct-response");
        } else if (words.isPresent()) {
            var name = details.map(ResponseCodeDetails::name).orElse("");
            var id = name.startsWith("rbac_")
                    ? "authorization-policy"
                    : name.startsWith("jwt_") ? "jwt-refused" : "details-tell";
            causes.add(new Cause(id, words.get(), next.logs()));
        }
    }

    private void passedOn() {
        if (!hop.exchange().failed()) {
            return;
        }
        if (hop.side() == Side.SERVER) {
            var known = KnownCause.of("app-answered");
            causes.add(new Cause(
                    known.id(),
                    "the app itself answered %d; no proxy made it"
                            .formatted(hop.exchange().status()),
                    next.named(known.next())));
        } else {
            add("next-hop");
        }
    }

    private void add(String id) {
        causes.add(KnownCause.of(id).at(next));
    }
}
