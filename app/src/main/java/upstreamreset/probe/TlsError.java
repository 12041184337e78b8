// SPDX-License-Identifier: Apache-2.0
package upstreamreset.probe;

import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.regex.Pattern;
import upstreamreset.wire.Printable;

/**
 * Describes the error of a TLS handshake and its remedy in one sentence, which the JVM's own messages do not.
 *
 * @param chain the server's certificates, its own first; empty if it showed none
 * @param certificateWanted whether it asked for a client certificate
 */
record TlsError(String host, List<X509Certificate> chain, boolean certificateWanted) {
    private static final Pattern ALERT = Pattern.compile("Received fatal alert: (\\w+)");
    private static final String INSECURE = "; use --insecure to skip verification";
    private static final String CERTIFICATE_WANTED =
            "the server requires a client certificate (mutual TLS), and probe has none; probe where TLS is terminated:"
                    + " in a mesh, the app's port from inside its Pod";
    private static final String NO_VERSION =
            "the server supports neither TLS 1.2 nor 1.3%s; enable one of them: older versions are insecure";

    String reason(IOException e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            switch (cause) {
                case CertificateExpiredException _ -> {
                    return expired();
                }
                case CertificateNotYetValidException _ -> {
                    return "the certificate is not valid yet; compare the clocks of this machine and the server"
                            + INSECURE;
                }
                case CertPathBuilderException _ -> {
                    return unknownIssuer();
                }
                case CertPathValidatorException invalid
                when invalid.getCause() == null -> {
                    return "the certificate cannot be validated (" + Printable.of(String.valueOf(invalid.getMessage()))
                            + ")" + INSECURE;
                }
                default -> {}
            }
        }
        if (e instanceof SocketTimeoutException) {
            return "the server does not answer the TLS handshake; does this port speak TLS?";
        }
        var message = String.valueOf(e.getMessage());
        var alert = ALERT.matcher(message);
        if (alert.find()) {
            return alert(alert.group(1));
        }
        if (e instanceof EOFException || e instanceof SocketException || message.contains("terminated the handshake")) {
            return certificateWanted
                    ? CERTIFICATE_WANTED
                    : "the server closed the connection during the handshake; see its log";
        }
        if (message.contains("Unsupported or unrecognized SSL message")) {
            return "the port does not speak TLS; try http";
        }
        if (message.contains("No subject alternative") || message.contains("No name matching")) {
            return "the certificate is not for " + host + INSECURE;
        }
        if (message.contains("PKIX") || message.contains("unable to find valid certification path")) {
            return unknownIssuer();
        }
        return message.contains("is not supported by client preferences")
                ? NO_VERSION.formatted("")
                : Printable.of(message);
    }

    private String alert(String name) {
        var alert = " (alert " + name + ")";
        return switch (name) {
            case "protocol_version" -> NO_VERSION.formatted(alert);
            case "certificate_required", "bad_certificate" -> CERTIFICATE_WANTED + alert;
            case "handshake_failure", "insufficient_security" ->
                (certificateWanted
                                ? CERTIFICATE_WANTED
                                : "the server supports none of the cipher suites and signature algorithms that probe offers;"
                                        + " enable current ones, for example TLS_AES_128_GCM_SHA256")
                        + alert;
            case "unrecognized_name" ->
                "the server has no certificate for " + host + "; use a name that it knows" + alert;
            case "no_application_protocol" ->
                "the server does not speak HTTP/1.1 over TLS, perhaps only HTTP/2; then the port's name must tell Envoy"
                        + " http2 or grpc" + alert;
            default -> "the server ended the handshake; see its log" + alert;
        };
    }

    private String expired() {
        for (var each : chain) {
            var end = each.getNotAfter().toInstant();
            if (end.isBefore(Instant.now())) {
                return "the certificate of %s expired on %s; renew it"
                                .formatted(
                                        Printable.of(
                                                each.getSubjectX500Principal().getName()),
                                        end.atOffset(ZoneOffset.UTC).toLocalDate())
                        + INSECURE;
            }
        }
        return "the certificate has expired; renew it" + INSECURE;
    }

    private String unknownIssuer() {
        if (chain.isEmpty()) {
            return "the certificate is not signed by a trusted CA" + INSECURE;
        }
        var last = chain.getLast();
        var issuer = Printable.of(last.getIssuerX500Principal().getName());
        boolean bySelf = last.getIssuerX500Principal().equals(last.getSubjectX500Principal());
        return bySelf && chain.size() == 1
                ? "the certificate is self-signed (" + issuer + ") and not trusted" + INSECURE
                : "the certificate is signed by " + issuer + ", which is not a trusted CA" + INSECURE;
    }
}
