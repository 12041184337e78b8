// SPDX-License-Identifier: Apache-2.0
package upstreamreset.diagnose;

import java.util.List;
import java.util.Optional;
import upstreamreset.http1.Rule;
import upstreamreset.pod.PortProtocol;

/** Decides whether a port speaks what its Service declares. */
record DeclaredProtocol(Look look, PastSidecar past) {
    Optional<Conclusion> conclude() {
        if (!(past instanceof PastSidecar.OtherProtocol other)) {
            return Optional.empty();
        }
        var declared = look.port().map(each -> each.protocol()).orElse(PortProtocol.DETECTED);
        var port = look.port()
                .flatMap(each -> each.service())
                .map(each -> each.text())
                .orElse("the port");
        return switch (other.speech()) {
            case TLS ->
                declared == PortProtocol.TLS || declared == PortProtocol.OTHER || declared == PortProtocol.DETECTED
                        ? Optional.empty()
                        : Optional.of(Concluder.rule(
                                Rule.SPEAKS_TLS, "the port speaks TLS, and is declared as plain text: " + port));
            case HTTP_2 ->
                declared == PortProtocol.HTTP_1
                        ? Optional.of(Concluder.rule(
                                Rule.SPEAKS_HTTP2, "the port speaks HTTP/2, and is declared as HTTP/1.1: " + port))
                        : plainTextAsTls(declared, port);
            case HTTP_1 ->
                declared == PortProtocol.HTTP_2
                        ? Optional.of(Concluder.rule(
                                Rule.HTTP2_TO_HTTP1_PORT,
                                "the port speaks HTTP/1.1, and is declared as HTTP/2: " + port))
                        : plainTextAsTls(declared, port);
            case UNKNOWN -> Optional.empty();
        };
    }

    private static Optional<Conclusion> plainTextAsTls(PortProtocol declared, String port) {
        return declared == PortProtocol.TLS
                ? Optional.of(Conclusion.finding(
                        "plain-text-declared-tls",
                        "the port speaks plain text, and is declared as TLS: " + port,
                        "to the mesh a port declared as TLS has bytes that it does not read: no request on it is routed, retried, or"
                                + " in an access log by its path",
                        "Name the Service's port http, or give it appProtocol http (http2 or grpc for HTTP/2).",
                        List.of()))
                : Optional.empty();
    }
}
