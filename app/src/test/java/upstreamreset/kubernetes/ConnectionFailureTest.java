// SPDX-License-Identifier: Apache-2.0
package upstreamreset.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketException;
import java.net.http.HttpConnectTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The exceptions that the JVM throws where a server gives no answer, and what a person reads of them. */
class ConnectionFailureTest {
    private static Throwable caused(Throwable outer, Throwable cause) {
        outer.initCause(cause);
        return outer;
    }

    private static Throwable handshake(Throwable cause) {
        return caused(new SSLHandshakeException("(certificate_unknown) " + cause.getMessage()), cause);
    }

    static Stream<Arguments> failures() {
        return Stream.of(
                Arguments.of(
                        caused(new ConnectException(), new UnresolvedAddressException()),
                        "its name cannot be resolved"),
                Arguments.of(new ConnectException(), "it refuses connections, or does not run"),
                Arguments.of(new ConnectException("Connection refused"), "it refuses connections, or does not run"),
                Arguments.of(new HttpConnectTimeoutException("HTTP connect timed out"), "it does not answer in time"),
                Arguments.of(
                        new SSLHandshakeException("(certificate_unknown) PKIX path building failed: x: unable to find"
                                + " valid certification path to requested target"),
                        "its certificate is not trusted: the kubeconfig's certificate-authority has not signed it"),
                Arguments.of(
                        handshake(new CertificateExpiredException("NotAfter: Fri Jan 01 2021")),
                        "a certificate has expired by this machine's clock (NotAfter: Fri Jan 01 2021)"),
                Arguments.of(
                        handshake(new CertificateNotYetValidException("NotBefore: Fri Jan 01 2100")),
                        "a certificate is not valid yet by this machine's clock (NotBefore: Fri Jan 01 2100)"),
                Arguments.of(
                        handshake(new CertificateException(
                                "No subject alternative names matching IP address 10.0.0.1 found")),
                        "its certificate is for another name (No subject alternative names matching IP address 10.0.0.1 found)"),
                Arguments.of(
                        new SSLException("Unrecognized SSL message, plaintext connection?"),
                        "it does not speak TLS, and the kubeconfig's server begins with https"),
                Arguments.of(
                        new IOException("HTTP/1.1 header parser received no bytes"),
                        "it closed the connection without an answer"),
                Arguments.of(new SocketException("Connection reset"), "it reset the connection"),
                Arguments.of(new IOException("something\nelse"), "something else"),
                Arguments.of(new IOException(), "IOException"));
    }

    @ParameterizedTest
    @MethodSource("failures")
    void aPersonReadsWhatHappened(Throwable failure, String said) {
        assertThat(ConnectionFailure.why(failure)).isEqualTo(said);
    }
}
