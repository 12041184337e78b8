// SPDX-License-Identifier: Apache-2.0
package upstreamreset.explain;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import upstreamreset.accesslog.LogField;
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

    /** So much of a body is more than one read takes. */
    private static final long MIN_LARGE_BODY = 16 * 1024;

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

    /** The meaning of details without a flag, by their beginning: the first matching row. */
    private static final Map<String, String> BY_DETAILS = Table.parse("""
            rbac_: authorization-policy
            jwt_: jwt-refused
            ext_authz_: external-authorization
            route_not_found: no-route
            filter_chain_not_found: no-route
            cluster_not_found: cluster-not-found
            no_healthy_upstream: no-healthy-upstream
            dns_resolution_failure: dns-failed
            upstream_response_timeout: upstream-timeout
            response_timeout: upstream-timeout
            upstream_per_try_timeout: upstream-timeout
            per_try_timeout: upstream-timeout
            upstream_max_stream_duration_reached: max-duration
            max_duration_timeout: max-duration
            stream_idle_timeout: stream-idle-timeout
            request_overall_timeout: slow-client-request
            request_header_timeout: slow-client-request
            request_headers_failed_strict_check: invalid-envoy-headers
            request_rate_limited: rate-limited
            rate_limiter_error: rate-limited
            local_rate_limited: rate-limited
            fault_filter_: fault-injected
            downstream_remote_disconnect: client-left
            drop_overload: drop-overload
            overload: overload
            codec_error: invalid-http2-request
            http1.: invalid-client-request
            http2.: invalid-http2-request
            http3.: invalid-http2-request
            """);

    private final Hop hop;
    private final NextCommand next;
    private final IstioVersion version;
    private final Optional<CodecRefusal> codec;
    private final List<Cause> causes = new ArrayList<>();

    Causes(Hop hop, NextCommand next, IstioVersion version, Optional<CodecRefusal> codec) {
        this.hop = hop;
        this.next = next;
        this.version = version;
        this.codec = codec;
    }

    /** Those of a line about which nothing else is known. */
    static List<Cause> of(Hop hop) {
        return new Causes(hop, new NextCommand(hop, Place.UNKNOWN), IstioVersion.UNKNOWN, Optional.empty()).ranked();
    }

    /** The most likely first; without guesses at what the codec then has said. */
    List<Cause> ranked() {
        if (isBlackHole()) {
            add("registry-only");
        } else if (hop.exchange().madeHere()) {
            if (!client()) {
                hop.exchange().flags().forEach(this::flag);
                if (causes.isEmpty() && codec.isEmpty()) {
                    details();
                }
            }
        } else {
            passedOn();
        }
        if (grpc()) {
            add("grpc-local-reply");
        }
        return causes.stream().distinct().toList();
    }

    /** Istio's own destination of what the mesh does not let out. */
    private boolean isBlackHole() {
        return hop.exchange().failed()
                && hop.entry().text(LogField.UPSTREAM_CLUSTER).equals(Optional.of("BlackHoleCluster"));
    }

    /** Tests whether the client caused it. */
    private boolean client() {
        var name = hop.exchange().details().map(ResponseCodeDetails::name).orElse("");
        if (hop.exchange().status() == 408) {
            add(name.equals("max_duration_timeout") ? "max-duration" : "slow-client-request");
        } else if (name.startsWith("downstream_local_disconnect")) {
            add(name.contains("ping_timeout") ? "http2-ping-timeout" : "proxy-closed-client");
        } else if (hop.exchange().has(ResponseFlag.DPE) && name.equals("http1.codec_error")) {
            if (hop.entry().text(LogField.METHOD).isEmpty()) {
                add("not-http1-on-listener");
            }
            add("invalid-client-request");
        } else if (hop.exchange().has(ResponseFlag.DPE)
                && (name.startsWith("http2.") || name.startsWith("codec_error"))) {
            codec.ifPresentOrElse(said -> http2(said, "invalid-http2-request"), () -> add("invalid-http2-request"));
        }
        return !causes.isEmpty();
    }

    private void flag(ResponseFlag flag) {
        switch (flag) {
            case UPE -> protocolError();
            case UC -> terminated();
            case UF -> notConnected();
            case URX -> {} // What comes with it says why.
            case LR -> add(halfClosed() ? "early-answer" : "local-reset");
            default -> add(Objects.requireNonNull(BY_FLAG.get(flag.name())));
        }
    }

    private void protocolError() {
        if (codec.isPresent() && (codec.get().isHttp2() || !codec.get().rules().isEmpty())) {
            if (codec.get().isHttp2()) {
                http2(codec.get(), "invalid-http2-response");
            }
            return;
        }
        if (hop.side() == Side.CLIENT) {
            add("server-without-sidecar");
        }
        if (hop.grpc() == GrpcReply.Reading.POSSIBLE) {
            add("invalid-http2-response");
            add("broken-body");
        } else if (hop.exchange().status() < 400 && !grpc()) {
            add("broken-body");
        } else {
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

    /** A named field is the cause; else only what kind it was. */
    private void http2(CodecRefusal refusal, String otherwise) {
        var field = refusal.said().field();
        if (field.isPresent()) {
            var known = KnownCause.of("invalid-http2-field");
            causes.add(new Cause(known.id(), field.get() + ": " + known.words(), next.named(known.next())));
        } else {
            add(otherwise);
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
        if (!version.isKnown() && received < 0 && isOldIstio() && !grpc()) {
            add("old-protocol-error");
        }
    }

    /** From Istio 1.9 on its format has the details; Envoy's own has no cluster, another mesh's has other names. */
    private boolean isOldIstio() {
        var entry = hop.entry();
        return entry.text(LogField.RESPONSE_CODE_DETAILS).isEmpty()
                && !entry.saysNone(LogField.RESPONSE_CODE_DETAILS)
                && entry.text(LogField.UPSTREAM_CLUSTER)
                        .filter(name -> name.contains("|"))
                        .isPresent();
    }

    private void noBytes() {
        if (hop.exchange()
                .details()
                .filter(ResponseCodeDetails::resetAfterResponse)
                .isPresent()) {
            add("response-cut");
            return;
        }
        if (hop.side() == Side.WAYPOINT) {
            add("waypoint-to-app");
        }
        long took = hop.entry().number(LogField.DURATION).orElse(-1);
        if (took >= MAX_RACE_MILLIS) {
            boolean own = isTimeout(took);
            add(own ? "app-timeout" : "app-closed", took);
            add(own ? "app-closed" : "app-timeout");
        } else {
            if (took >= 0 && took < AT_ONCE_MILLIS) {
                add("keep-alive-race");
                add("app-closed");
            } else {
                add("app-closed", took);
                add("keep-alive-race");
            }
            add("tls-expected");
        }
        if (hop.entry().number(LogField.BYTES_RECEIVED).orElse(0) >= MIN_LARGE_BODY) {
            add("early-close");
        }
        if (hop.grpc() == GrpcReply.Reading.POSSIBLE) {
            add("response-cut");
        }
    }

    /** People set timeouts in whole seconds, and a timer fires a little late. */
    private static boolean isTimeout(long took) {
        return took % 1_000 <= Math.clamp(took / 1_000, 5, 100);
    }

    private void notConnected() {
        if (hop.side() == Side.WAYPOINT) {
            add("waypoint-to-app");
        }
        FailedConnection.causes(hop).forEach(this::add);
        if (hop.entry().text(LogField.UPSTREAM_CLUSTER).equals(Optional.of("PassthroughCluster"))) {
            add("unknown-destination");
        }
    }

    private void details() {
        var details = hop.exchange().details();
        var words = details.flatMap(ResponseCodeDetails::words);
        if (hop.exchange().deniedConnection()) {
            add("authorization-policy");
        } else if (hop.exchange().isTcp() && hop.exchange().flags().isEmpty()) {
            add("connection-ended-early");
        } else if (hop.exchange().byTheRoute()) {
            add(
                    hop.entry().text(LogField.ROUTE_NAME).equals(Optional.of("block_all"))
                            ? "registry-only"
                            : "direct-response");
        } else if (words.isPresent()) {
            var name = details.map(ResponseCodeDetails::name).orElse("");
            var id = BY_DETAILS.entrySet().stream()
                    .filter(row -> name.startsWith(row.getKey()))
                    .map(Map.Entry::getValue)
                    .findFirst()
                    .orElse("details-tell");
            causes.add(new Cause(id, words.get(), next.named(KnownCause.of(id).next())));
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

    private boolean halfClosed() {
        return hop.exchange()
                .details()
                .filter(ResponseCodeDetails::cutOnlyTheRequest)
                .isPresent();
    }

    private void add(String id, long took) {
        var known = KnownCause.of(id);
        causes.add(
                new Cause(id, known.words() + (took < 0 ? "" : ", after " + took + " ms"), next.named(known.next())));
    }

    private void add(String id) {
        causes.add(KnownCause.of(id).at(next));
    }
}
