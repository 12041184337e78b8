// SPDX-License-Identifier: Apache-2.0
package upstreamreset.explain;

import java.util.List;
import upstreamreset.accesslog.AmbientConnection;

/**
 * What ztunnel's {@code error=} means ({@code src/proxy.rs} of istio/ztunnel).
 *
 * @param id stable, in kebab-case
 * @param next the command to run
 */
public record AmbientCause(String id, String cause, String next) {
    private static final String HBONE_PORT = ":15008";

    /** A word of ztunnel's error and what it means; the first that the error holds counts. */
    private record Word(String in, String id, String cause) {}

    private static final List<Word> WORDS = List.of(
            new Word(
                    "NetworkPolicy is blocking",
                    "ambient-network-policy",
                    "no answer on port 15008 of the other Pod: a NetworkPolicy or a firewall drops HBONE"),
            new Word(
                    "policy rejection",
                    "ambient-policy-denied",
                    "an AuthorizationPolicy refused the connection at the server's ztunnel"),
            new Word("policy change", "ambient-policy-denied", "a changed AuthorizationPolicy ended the open connection"),
            new Word("revoked by CRL", "ambient-tls", "the peer's certificate is revoked"),
            new Word(
                    "http status: 401",
                    "ambient-policy-denied",
                    "the other ztunnel answered CONNECT with 401: an AuthorizationPolicy refused the connection"),
            new Word(
                    "http status: 403",
                    "ambient-policy-denied",
                    "the other side, often a waypoint, answered CONNECT with 403: an AuthorizationPolicy refused it"),
            new Word(
                    "http status: 503",
                    "ambient-peer-unavailable",
                    "the other ztunnel or waypoint answered CONNECT with 503: it could not reach the app; its own log says why"),
            new Word("http status: ", "ambient-peer-refused", "the other ztunnel or waypoint refused CONNECT; its own log says why"),
            new Word("no healthy upstream", "ambient-no-endpoint", "the Service has no ready Pod"),
            new Word("no endpoints", "ambient-no-endpoint", "the Service has no ready Pod"),
            new Word("no service for target", "ambient-unknown-destination", "ztunnel knows no Service with that address"),
            new Word("no service or workload", "ambient-unknown-destination", "ztunnel knows no Service or Pod of that name"),
            new Word("unknown waypoint", "ambient-waypoint-missing", "the waypoint that the Service names is not there"),
            new Word(
                    "unknown source",
                    "ambient-unknown-source",
                    "ztunnel does not know the calling Pod yet: istio-cni or istiod had not told it"),
            new Word(
                    "local workload",
                    "ambient-unknown-source",
                    "ztunnel does not know the Pod yet: istio-cni or istiod had not told it"),
            new Word("identity error", "ambient-certificate", "ztunnel has no certificate for the Pod: istiod refused or did not answer"),
            new Word("tls", "ambient-tls", "the TLS handshake between the two ztunnels failed"),
            new Word("ssl error", "ambient-tls", "the TLS handshake between the two ztunnels failed"),
            new Word("http2 handshake", "ambient-hbone", "the peer on the HBONE port does not speak HTTP/2"),
            new Word("Connection refused", "ambient-refused", "nothing listens on the port that ztunnel dialled"),
            new Word("os error 111", "ambient-refused", "nothing listens on the port that ztunnel dialled"),
            new Word("o route to host", "ambient-no-route", "no route to the address: the Pod or its node is gone, or a firewall rejects"),
            new Word("os error 113", "ambient-no-route", "no route to the address: the Pod or its node is gone, or a firewall rejects"),
            new Word("timed out", "ambient-timeout", "nobody answered: a firewall or NetworkPolicy drops the packets, or the Pod is gone"),
            new Word("deadline has elapsed", "ambient-timeout", "nobody answered: a firewall or NetworkPolicy drops the packets, or the Pod is gone"),
            new Word("destination disconnected", "ambient-app-closed", "the app closed while the client was still sending"),
            new Word("client disconnected", "ambient-client-left", "the client closed before all had been delivered"),
            new Word("connection drain", "ambient-drained", "ztunnel itself was shutting down or the Pod was being removed"),
            new Word("drain within the timeout", "ambient-drained", "ztunnel itself was shutting down or the Pod was being removed"),
            new Word("pool draining", "ambient-drained", "ztunnel itself was shutting down or the Pod was being removed"),
            new Word("receive: ", "ambient-reset", "the server's side broke the open connection"),
            new Word("send: ", "ambient-reset", "the client's side broke the open connection"),
            new Word("reset by peer", "ambient-reset", "the other side reset the open connection"),
            new Word("os error 104", "ambient-reset", "the other side reset the open connection"),
            new Word("roken pipe", "ambient-reset", "the other side had closed the connection"),
            new Word("dns", "ambient-dns", "the name could not be resolved"));

    static AmbientCause of(AmbientConnection connection) {
        var error = connection.error().orElse("");
        var next = next(connection);
        boolean hbone = connection.text("dst.addr").orElse("").endsWith(HBONE_PORT);
        if (connection.outbound() && hbone && (error.contains("refused") || error.contains("os error 111"))) {
            return new AmbientCause(
                    "ambient-hbone-refused",
                    "port 15008 of the other Pod refused: istio-cni had not taken that Pod into the mesh, or its ztunnel is not"
                            + " running",
                    next);
        }
        for (var word : WORDS) {
            if (error.contains(word.in())) {
                return new AmbientCause(word.id(), word.cause(), next);
            }
        }
        return new AmbientCause("ambient-unknown", "an error of ztunnel that this tool does not know", next);
    }

    /** The log of the other end: the node of the called workload, or of the caller. */
    private static String next(AmbientConnection connection) {
        var side = connection.outbound() ? "dst" : "src";
        var pod = connection.text(side + ".workload");
        var namespace = connection.text(side + ".namespace");
        if (pod.isEmpty() || namespace.isEmpty()) {
            return "kubectl -n istio-system logs -l app=ztunnel --tail=-1 --prefix | grep error=";
        }
        return "kubectl -n istio-system logs -l app=ztunnel --tail=-1 --prefix | grep " + pod.get();
    }
}
