// SPDX-License-Identifier: Apache-2.0
package upstreamreset.explain;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import upstreamreset.accesslog.LogField;
import upstreamreset.accesslog.ResetReason;
import upstreamreset.accesslog.ResponseCodeDetails;
import upstreamreset.accesslog.ResponseFlag;
import upstreamreset.accesslog.Side;
import upstreamreset.accesslog.Table;

/** Ranks the likely causes of a failed request, the most likely first, each with the command that checks it. */
final class Causes {
    /** Shorter than a handler takes, longer than a closed connection needs to be noticed. */
    private static final long AT_ONCE_MILLIS = 10;

    /** The flags that mean one cause each: the command that checks it, and the cause. */
    private static final Map<String, String> BY_FLAG = Table.parse("""
            UR: logs: the upstream reset the HTTP/2 stream: a gRPC server that shuts down, or a limit of its own
            UT: routes: the app is slower than the route's timeout (or a try's)
            SI: routes: the stream was idle for longer than its idle timeout: too long a pause between two chunks
            UMSDR: routes: the stream exceeded its maximum duration
            DT: routes: the stream exceeded its maximum duration
            UO: clusters: the connection pool's limits (DestinationRule connectionPool) are reached; the app was not asked
            UH: endpoints: no Pod behind the Service is ready, or outlier detection ejected them all
            LH: logs: this proxy's own health check failed
            NR: describe: no route or filter chain matches: host name, port or mTLS mode differ from what is configured
            NC: clusters: the route names a cluster that does not exist: often a subset without a DestinationRule
            DF: clusters: the upstream's host name does not resolve
            LR: logs: the proxy reset the connection itself: the app answered before it had read the request, or the pool was drained
            OM: logs: the proxy itself is short of memory or connections (overload manager)
            DC: logs: the client gave up first: its timeout is shorter than the app takes
            DR: logs: the client gave up first: its timeout is shorter than the app takes
            DPE: logs: the client's request breaks HTTP; the details name how
            IH: listeners: a client sends x-envoy-* headers with values that strict checking refuses
            UAEX: listeners: the external authorization service refused, or could not be reached
            RL: listeners: a rate limit refused, or its service failed
            RLSE: listeners: a rate limit refused, or its service failed
            FI: routes: a fault is injected on purpose by a VirtualService
            DI: routes: a fault is injected on purpose by a VirtualService
            NFCF: logs: a filter's configuration (often a WasmPlugin's) had not arrived
            RFCF: listeners: the cache filter answered
            DO: endpoints: the control plane tells the proxies to drop load
            UDO: endpoints: the control plane tells the proxies to drop load
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
        if (hop.exchange().madeHere()) {
            hop.exchange().flags().forEach(this::flag);
            if (causes.isEmpty() && !codecSaid) {
                details();
            }
        } else {
            passedOn();
        }
        return causes.stream().distinct().toList();
    }

    private void flag(ResponseFlag flag) {
        switch (flag) {
            case UPE -> protocolError();
            case UC -> terminated();
            case UF -> notConnected();
            case URX -> {} // What comes with it says why.
            default -> {
                var row = Objects.requireNonNull(BY_FLAG.get(flag.name())).split(": ", 2);
                add(row[1], next.named(row[0]));
            }
        }
    }

    private void protocolError() {
        if (hop.side() == Side.CLIENT) {
            add("the server's Pod sent an invalid HTTP/1 response, and has no sidecar", next.otherHop());
        }
        if (hop.exchange().status() < 400) {
            add(
                    "the body breaks off or its chunks are malformed: the app failed while it wrote, closed early, or sent fewer bytes than its Content-Length",
                    next.capture());
        } else if (!codecSaid) {
            add(
                    "the response has Transfer-Encoding twice: the code sets or copies it and the server adds its own",
                    next.probe());
            add(
                    "some other invalid header section: Transfer-Encoding with Content-Length, two lengths, a bad field name, more than 100 fields or 80 KiB",
                    next.codecLog());
            add("the app closed in the middle of the head (502 and not 503, because some bytes came)", next.capture());
            add(
                    "the port does not speak HTTP/1: TLS, HTTP/2 or another protocol behind a port named http",
                    next.describe());
        }
    }

    private void terminated() {
        long received =
                hop.entry().number(LogField.UPSTREAM_WIRE_BYTES_RECEIVED).orElse(-1);
        boolean old = version.hidesProtocolErrors();
        boolean unknown = !version.isKnown() && received < 0;
        if (old || received > 0) {
            protocolError();
        }
        if (old && received != 0) {
            add("or no byte came at all: before Istio 1.10 the two look the same", next.capture());
        } else if (received <= 0) {
            noBytes();
        }
        if (unknown) {
            add(
                    "if this is Istio before 1.10: a malformed response, which was 503 UC then and is 502 UPE now",
                    next.probe());
        }
    }

    private void noBytes() {
        long took = hop.entry().number(LogField.DURATION).orElse(-1);
        var race =
                "a keep-alive race: the app closes idle connections sooner than the proxy stops using them; raise its"
                        + " idle timeout or lower the proxy's (DestinationRule idleTimeout)";
        var crash = "the app closed the connection without an answer"
                + (took >= AT_ONCE_MILLIS ? " after " + took + " ms" : "")
                + ": it crashed, was OOM-killed, or hit its own timeout";
        if (took >= 0 && took < AT_ONCE_MILLIS) {
            add(race, next.capture());
            add(crash, next.previousLog());
        } else {
            add(crash, next.previousLog());
            add(race, next.capture());
        }
        add("the port expects TLS and got plain HTTP", next.describe());
    }

    private void notConnected() {
        var why = hop.entry()
                .text(LogField.UPSTREAM_TRANSPORT_FAILURE_REASON)
                .or(() -> hop.exchange().details().flatMap(ResponseCodeDetails::transportFailure))
                .orElse("");
        if (why.contains("TLS") || why.contains("CERTIFICATE")) {
            add(
                    "the TLS handshake failed: one side wants mTLS and the other does not, or a certificate is not trusted",
                    next.describe());
        } else if (hop.reason().equals(Optional.of(new ResetReason("connection timeout")))) {
            add(
                    "nobody answers at that address: a Pod that is gone, a NetworkPolicy, or a port that wants TLS",
                    next.proxyConfig("endpoints"));
        } else {
            add(
                    "nothing listens on that port: the app is still starting, has crashed, or listens elsewhere",
                    next.previousLog());
        }
    }

    private void details() {
        var words = hop.exchange().details().flatMap(ResponseCodeDetails::words);
        if (hop.exchange().byTheRoute()) {
            byTheRoute();
        } else if (words.isPresent()) {
            add(words.get(), next.logs());
        }
    }

    /** Istio names the route by which it keeps requests in the mesh. */
    private void byTheRoute() {
        boolean blocked = hop.entry().text(LogField.ROUTE_NAME).equals(Optional.of("block_all"));
        add(
                blocked
                        ? "the mesh lets no request out to a host that it does not know (outboundTrafficPolicy"
                                + " REGISTRY_ONLY): register the host with a ServiceEntry"
                        : "a route answers this itself (directResponse of a VirtualService)",
                next.proxyConfig("routes"));
    }

    private void passedOn() {
        if (!hop.exchange().failed()) {
            return;
        }
        switch (hop.side()) {
            case SERVER ->
                add(
                        "the app itself answered %d; no proxy made it"
                                .formatted(hop.exchange().status()),
                        next.previousLog());
            case CLIENT, WAYPOINT -> add("the next hop made it, or the app: its line tells", next.otherHop());
            case UNKNOWN -> add("the upstream sent this status itself; the hop after this one tells", next.otherHop());
        }
    }

    private void add(String cause, String command) {
        causes.add(new Cause(cause, command));
    }
}
