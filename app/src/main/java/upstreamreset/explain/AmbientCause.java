// SPDX-License-Identifier: Apache-2.0
package upstreamreset.explain;

import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import upstreamreset.accesslog.AmbientConnection;

/**
 * Decides what ztunnel's {@code error=} proves about a connection ({@code src/proxy.rs} and {@code src/copy.rs} of
 * istio/ztunnel).
 */
final class AmbientCause {
    private static final String HBONE_PORT = ":15008";

    /** Where the error arose: its own words follow. */
    private static final Pattern LEADS = Pattern.compile("^(?:(?:receive|send|while closing connection): )+");

    /** The policies that istiod makes of PeerAuthentications ({@code convertPeerAuthentication} of istio/istio). */
    private static final Pattern OF_PEER_AUTHENTICATION =
            Pattern.compile("denied by: \\S*/(?:istio_converted_static_strict|converted_peer_authentication_)");

    /** A beginning of ztunnel's error, in lower case, and its meaning; the first match counts. */
    private record Beginning(String text, String id, String cause) {}

    private static final List<Beginning> BEGINNINGS = List.of(
            new Beginning(
                    "connection closed due to policy rejection: workload ",
                    "ambient-unknown-destination",
                    "the destination's ztunnel does not know the workload with that address (yet), so it checked no policy"),
            new Beginning(
                    "connection closed due to policy rejection",
                    "ambient-policy-denied",
                    "an AuthorizationPolicy denied the connection; the destination's ztunnel enforces it"),
            new Beginning(
                    "connection closed due to policy change",
                    "ambient-policy-denied",
                    "a changed AuthorizationPolicy no longer allows the open connection, so ztunnel closed it"),
            new Beginning(
                    "destination disconnected",
                    "ambient-destination-closed",
                    "the destination closed while bytes for it were still on their way"),
            new Beginning(
                    "client disconnected",
                    "ambient-client-left",
                    "the client closed while bytes for it were still on their way"),
            new Beginning(
                    "http status: 401",
                    "ambient-connect-denied",
                    "the proxy at the other end of HBONE (ztunnel or waypoint) answered CONNECT with 401: an AuthorizationPolicy"
                            + " denied the connection"),
            new Beginning(
                    "http status: 403",
                    "ambient-connect-denied",
                    "the proxy at the other end of HBONE (ztunnel or waypoint) answered CONNECT with 403: an AuthorizationPolicy"
                            + " denied the connection"),
            new Beginning(
                    "http status: 503",
                    "ambient-connect-refused",
                    "the proxy at the other end of HBONE (ztunnel or waypoint) answered CONNECT with 503: it could not reach the"
                            + " destination; its own log says why"),
            new Beginning(
                    "http status: ",
                    "ambient-connect-refused",
                    "the proxy at the other end of HBONE (ztunnel or waypoint) refused CONNECT; its own log says why"),
            new Beginning(
                    "no healthy upstream",
                    "ambient-no-endpoint",
                    "the Service has no endpoint that ztunnel may send to: no Pod of it is ready"),
            new Beginning(
                    "no valid routing destination",
                    "ambient-no-endpoint",
                    "ztunnel knows the destination, but no address of it"),
            new Beginning(
                    "unknown destination",
                    "ambient-unknown-destination",
                    "ztunnel has no workload or Service with that address from istiod"),
            new Beginning(
                    "no service for target address",
                    "ambient-unknown-destination",
                    "ztunnel has no Service with that address from istiod"),
            new Beginning(
                    "unknown waypoint",
                    "ambient-no-waypoint",
                    "the destination's waypoint has no address: it is missing or not ready"),
            new Beginning(
                    "no gateway address",
                    "ambient-no-waypoint",
                    "the destination's network gateway or waypoint has no address"),
            new Beginning(
                    "unknown network gateway",
                    "ambient-no-waypoint",
                    "the gateway of the destination's network is missing or not ready"),
            new Beginning(
                    "no service or workload for hostname",
                    "ambient-unknown-destination",
                    "ztunnel has no workload or Service with that name from istiod"),
            new Beginning(
                    "no endpoints for workload",
                    "ambient-no-endpoint",
                    "ztunnel knows the destination, but no address of it"),
            new Beginning(
                    "no valid target port",
                    "ambient-no-endpoint",
                    "ztunnel knows the destination, but no target for that port of the Service"),
            new Beginning(
                    "requested service ",
                    "ambient-no-endpoint",
                    "ztunnel knows the Service, but no address or no target for that port of it"),
            new Beginning(
                    "failed to fetch information about local workload",
                    "ambient-unknown-source",
                    "ztunnel has not got the calling workload from istiod: the Pod is very new, or istiod is not in sync"),
            new Beginning(
                    "unknown source",
                    "ambient-unknown-source",
                    "ztunnel has no workload with the caller's address from istiod: the Pod is very new, or it is not in the mesh"),
            new Beginning(
                    "invalid source",
                    "ambient-unknown-source",
                    "the caller's address does not belong to the Pod that opened the connection"),
            new Beginning(
                    "identity error",
                    "ambient-no-certificate",
                    "ztunnel has no certificate for the workload: istiod did not sign one"),
            new Beginning("tls ", "ambient-tls", "the TLS handshake of HBONE failed; the rest of the error says why"),
            new Beginning("tls:", "ambient-tls", "the TLS handshake of HBONE failed; the rest of the error says why"),
            new Beginning(
                    "http2 handshake failed", "ambient-no-http2", "the peer on the HBONE port did not speak HTTP/2"),
            new Beginning(
                    "h2 failed", "ambient-tunnel-broke", "the HTTP/2 connection between the two ends of HBONE broke"),
            new Beginning(
                    "connection failed to drain",
                    "ambient-drained",
                    "the Pod or its ztunnel was terminating, and the connection outlived the drain time"),
            new Beginning("connection drain", "ambient-drained", "the Pod or its ztunnel was terminating"),
            new Beginning("pool draining", "ambient-drained", "the Pod or its ztunnel was terminating"),
            new Beginning("dns", "ambient-dns", "the destination's name could not be resolved"),
            new Beginning(
                    "no ip addresses were resolved", "ambient-dns", "the destination's name could not be resolved"),
            new Beginning("ip addresses were resolved", "ambient-dns", "the destination's name has no address"));

    private AmbientCause() {}

    static Cause of(AmbientConnection connection) {
        var error = connection.error().orElse("").toLowerCase(Locale.ROOT);
        if (OF_PEER_AUTHENTICATION.matcher(error).find()) {
            return of(
                    connection,
                    "strict-mtls",
                    "a PeerAuthentication of mode STRICT denied the connection: it came in plain text, from a client outside the mesh"
                            + " or one whose traffic ztunnel does not capture");
        }
        var inner = LEADS.matcher(error).replaceFirst("");
        for (var beginning : BEGINNINGS) {
            if (inner.startsWith(beginning.text())) {
                return of(connection, beginning.id(), beginning.cause());
            }
        }
        if (error.contains("connection refused") || error.contains("os error 111")) {
            return refused(connection);
        }
        if (error.contains("no route to host") || error.contains("os error 113")) {
            return of(
                    connection,
                    "ambient-no-route",
                    "no route to " + dialled(connection) + ": the Pod or its node is gone, or a firewall rejects");
        }
        if (error.contains("timed out") || error.contains("deadline has elapsed")) {
            return of(
                    connection,
                    "ambient-connect-timeout",
                    "no answer from " + dialled(connection)
                            + ": a NetworkPolicy or firewall drops the packets, or the Pod is gone");
        }
        if (error.contains("reset by peer") || error.contains("os error 104") || error.contains("broken pipe")) {
            return of(connection, "ambient-reset", "a peer reset the open connection" + direction(error));
        }
        return of(connection, "ambient-unknown", "an error of ztunnel that this tool does not know");
    }

    private static Cause of(AmbientConnection connection, String id, String cause) {
        return new Cause(id, cause, next(connection));
    }

    private static Cause refused(AmbientConnection connection) {
        if (isHbone(connection) && connection.outbound()) {
            return of(
                    connection,
                    "ambient-hbone-refused",
                    "nothing listens on port 15008 of the destination Pod: ztunnel on its node has not taken it into the mesh"
                            + " (yet), or does not run");
        }
        return of(connection, "ambient-refused", "nothing listens on " + dialled(connection));
    }

    /** The address that ztunnel dialled: the HBONE port of the other side, or the app. */
    private static String dialled(AmbientConnection connection) {
        if (!connection.hasDirection()) {
            return "the address that ztunnel dialled";
        }
        return connection.outbound()
                ? isHbone(connection) ? "port 15008 of the destination Pod" : "the destination's address"
                : "the app's port";
    }

    private static boolean isHbone(AmbientConnection connection) {
        return connection.text("dst.addr").orElse("").endsWith(HBONE_PORT);
    }

    private static String direction(String error) {
        return error.startsWith("receive: ")
                ? ", on the way from the destination to the client"
                : error.startsWith("send: ") ? ", on the way from the client to the destination" : "";
    }

    /** The log of the other end: the node of the called workload, or of the caller. */
    private static String next(AmbientConnection connection) {
        var other = connection.text(connection.outbound() ? "dst.workload" : "src.workload");
        return NextCommand.ZTUNNEL_LOGS + NextCommand.grep(other.orElse("error="));
    }
}
