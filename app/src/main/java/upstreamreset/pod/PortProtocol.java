// SPDX-License-Identifier: Apache-2.0
package upstreamreset.pod;

import java.util.Locale;
import java.util.Set;

/** The protocol that Istio assumes for a port: its {@code appProtocol}, else its name up to the first dash. */
public enum PortProtocol {
    HTTP_1,
    HTTP_2,
    /** The app's own TLS: to Envoy, bytes. */
    TLS,
    /** Bytes: TCP, or a database's protocol. */
    OTHER,
    /** Nothing is declared: Envoy looks at the first bytes. */
    DETECTED;

    /** Istio reads no HTTP on these ports of a Service unless it is told to: SMTP, DNS, MySQL, MongoDB. */
    private static final Set<Integer> WELL_KNOWN = Set.of(25, 53, 3306, 27017);

    private static final String GRPC_WEB = "grpc-web";

    /**
     * Empty text where a port has none.
     *
     * @param number the Service's
     */
    public static PortProtocol of(String appProtocol, String name, int number) {
        var declared = (appProtocol.isEmpty() ? name : appProtocol).toLowerCase(Locale.ROOT);
        int dash = declared.indexOf('-');
        // One word has a dash of its own.
        var word = declared.startsWith(GRPC_WEB) ? GRPC_WEB : dash < 0 ? declared : declared.substring(0, dash);
        var protocol = word(word);
        return protocol == DETECTED && WELL_KNOWN.contains(number) ? OTHER : protocol;
    }

    private static PortProtocol word(String word) {
        return switch (word) {
            case "http", "http_proxy", "kubernetes.io/ws" -> HTTP_1;
            // A sidecar turns gRPC-Web into gRPC.
            case "http2", "grpc", GRPC_WEB, "kubernetes.io/h2c" -> HTTP_2;
            case "https", "tls", "kubernetes.io/wss" -> TLS;
            case "tcp", "udp", "mongo", "mysql", "redis" -> OTHER;
            default -> DETECTED;
        };
    }
}
