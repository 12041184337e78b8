// SPDX-License-Identifier: Apache-2.0
package upstreamreset.kubernetes;

import java.net.ConnectException;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;

/** Says in a few words why the API server gave no answer; the exceptions of the JVM say it in the words of their classes. */
final class ConnectionFailure {
    /** An exception's causes are looked at so far. */
    private static final int MAX_CAUSES = 20;

    private static final Pattern NOT_TLS = Pattern.compile("[Uu]nrecognized SSL message");

    private ConnectionFailure() {}

    static String why(Throwable failure) {
        var chain = chain(failure);
        // The innermost cause is the most exact one.
        return chain.reversed().stream()
                .map(ConnectionFailure::exactly)
                .flatMap(Optional::stream)
                .findFirst()
                .orElseGet(() -> words(chain));
    }

    /** What the cause of all says itself. */
    static String innermost(Throwable failure) {
        return words(chain(failure).reversed());
    }

    private static List<Throwable> chain(Throwable failure) {
        var chain = new ArrayList<Throwable>();
        for (Throwable each = failure; each != null && chain.size() < MAX_CAUSES; each = each.getCause()) {
            chain.add(each);
        }
        return chain;
    }

    private static Optional<String> exactly(Throwable cause) {
        var said = String.valueOf(cause.getMessage());
        return switch (cause) {
            case UnresolvedAddressException _ -> Optional.of("its name cannot be resolved");
            case UnknownHostException _ -> Optional.of("its name cannot be resolved");
            case HttpTimeoutException _ -> Optional.of("it does not answer in time");
            case CertificateExpiredException _ ->
                Optional.of("a certificate has expired by this machine's clock (" + ApiFailure.oneLine(said) + ")");
            case CertificateNotYetValidException _ ->
                Optional.of(
                        "a certificate is not valid yet by this machine's clock (" + ApiFailure.oneLine(said) + ")");
            case CertificateException _
            when said.startsWith("No subject alternative") || said.startsWith("No name") ->
                Optional.of("its certificate is for another name (" + ApiFailure.oneLine(said) + ")");
            default -> otherwise(cause, said);
        };
    }

    private static Optional<String> otherwise(Throwable cause, String said) {
        if (said.contains("unable to find valid certification path") || said.contains("Path does not chain with")) {
            return Optional.of(
                    "its certificate is not trusted: the kubeconfig's certificate-authority has not signed it");
        }
        if (cause instanceof SSLException && NOT_TLS.matcher(said).find()) {
            return Optional.of("it does not speak TLS, and the kubeconfig's server begins with https");
        }
        if (cause instanceof ConnectException && (cause.getMessage() == null || said.contains("refused"))) {
            return Optional.of("it refuses connections, or does not run");
        }
        if (said.contains("header parser received no bytes") || said.contains("EOF reached while reading")) {
            return Optional.of("it closed the connection without an answer");
        }
        return cause instanceof SocketException && said.contains("onnection reset")
                ? Optional.of("it reset the connection")
                : Optional.empty();
    }

    private static String words(List<Throwable> chain) {
        return chain.stream()
                .map(Throwable::getMessage)
                .filter(each -> each != null && !each.isBlank())
                .findFirst()
                .map(ApiFailure::oneLine)
                .orElseGet(() -> chain.getFirst().getClass().getSimpleName());
    }
}
