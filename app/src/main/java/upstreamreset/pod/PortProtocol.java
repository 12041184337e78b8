// SPDX-License-Identifier: Apache-2.0
package upstreamreset.pod;

import java.util.Locale;

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

    /** Empty text where a port has none. */
    public static PortProtocol of(String appProtocol, String name) {
        var word = (appProtocol.isEmpty() ? name : appProtocol).toLowerCase(Locale.ROOT);
        var declared = word(word);
        if (declared == DETECTED && appProtocol.isEmpty() && word.indexOf('-') > 0) {
            // grpc-web is a word of its own; all else ends at the dash.
            return word.startsWith("grpc-web") ? HTTP_1 : word(word.substring(0, word.indexOf('-')));
        }
        return declared;
    }

    private static PortProtocol word(String word) {
        return switch (word) {
            case "http", "grpc-web", "kubernetes.io/ws" -> HTTP_1;
            case "http2", "grpc", "kubernetes.io/h2c" -> HTTP_2;
            case "https", "tls", "kubernetes.io/wss" -> TLS;
            case "tcp", "udp", "mongo", "mysql", "redis" -> OTHER;
            default -> DETECTED;
        };
    }
}
