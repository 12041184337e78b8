// SPDX-License-Identifier: Apache-2.0
package upstreamreset.probe;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import upstreamreset.origin.RawOrigin;
import upstreamreset.scenario.WireScript;
import upstreamreset.scenario.WireStep;
import upstreamreset.wire.Bytes;

/** The probe names each TLS error of a JDK server with certificates made here. */
class TlsTest {
    /** The timeouts of probes that run into them, and of probes that must not. */
    private static final Duration SHORT = Duration.ofMillis(300);

    private static final Duration LONG = Duration.ofMinutes(1);

    @TempDir
    static Path folder = Path.of("");

    private static final Map<String, Certificates.Identity> SERVERS = new HashMap<>();

    @BeforeAll
    static void makeCertificates() throws IOException, GeneralSecurityException {
        var ca = Certificates.authority("ca");
        add(Certificates.signed(ca, "good", Certificates.elliptic(), "localhost", -1));
        add(Certificates.signed(ca, "expired", Certificates.elliptic(), "localhost", -30));
        add(Certificates.signed(ca, "early", Certificates.elliptic(), "localhost", 10));
        add(Certificates.signed(ca, "other-name", Certificates.elliptic(), "elsewhere.example", -1));
        var stranger = Certificates.authority("stranger");
        add(Certificates.signed(stranger, "strange", Certificates.elliptic(), "localhost", -1));
        add(Certificates.selfSigned("alone", "localhost"));
        Certificates.trust(ca, folder);
    }

    private static void add(Certificates.Identity server) {
        SERVERS.put(server.name(), server);
    }

    @AfterAll
    static void trustAsBefore() {
        Certificates.trustAsBefore();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            expired    | the certificate of CN=expired expired on DATE; renew it; use --insecure to skip verification
            early      | the certificate is not valid yet; compare the clocks of this machine and the server; use --insecure to skip verification
            other-name | the certificate is not for localhost; use --insecure to skip verification
            strange    | the certificate is signed by CN=stranger, which is not a trusted CA; use --insecure to skip verification
            alone      | the certificate is self-signed (CN=alone) and not trusted; use --insecure to skip verification
            """)
    void anErrorOfTheCertificateIsNamed(String certificate, String reason) throws Exception {
        try (var server = new Server(certificate)) {
            assertThat(reason(server.probe(false)).replaceAll("\\d{4}-\\d\\d-\\d\\d", "DATE"))
                    .isEqualTo("TLS with " + server.url() + " failed: " + reason);
            assertThat(server.probe(true).healthy()).as("--insecure").isTrue();
        }
    }

    @Test
    void aCertificateThatWeTrustIsNoFinding() throws Exception {
        try (var server = new Server("good")) {
            assertThat(server.probe(false).healthy()).isTrue();
        }
    }

    /** The alerts that no server of {@link TlsServersIT} sends. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            42  | the server requires a client certificate (mutual TLS), and probe has none; probe where TLS is terminated: in a mesh, the app's port from inside its Pod (alert bad_certificate)
            71  | the server supports none of the cipher suites and signature algorithms that probe offers; enable current ones, for example TLS_AES_128_GCM_SHA256 (alert insufficient_security)
            80  | the server ended the handshake; see its log (alert internal_error)
            """)
    void anAlertOfTheServerIsNamed(int alert, String reason) throws IOException {
        var bytes = Bytes.of(new byte[] {21, 3, 3, 0, 2, 2, (byte) alert});
        assertThat(reason(probe(LONG, new WireStep.Send(bytes), new WireStep.Stall())))
                .endsWith(" failed: " + reason);
    }

    @Test
    void aServerThatIsSilentOrLeavesIsTold() throws IOException {
        assertThat(reason(probe(SHORT, new WireStep.Stall())))
                .endsWith(" failed: the server does not answer the TLS handshake; does this port speak TLS?");
        assertThat(reason(probe(LONG, new WireStep.Close())))
                .endsWith(" failed: the server closed the connection during the handshake; see its log");
    }

    @Test
    void aHandshakeThatComesByteByByteIsLeft() throws IOException {
        var steps = new ArrayList<WireStep>(List.of(new WireStep.Send(Bytes.of(new byte[] {22, 3, 3, 63, -1}))));
        for (int i = 0; i < 600; i++) {
            steps.add(new WireStep.Pause(Duration.ofMillis(100)));
            steps.add(new WireStep.Send(Bytes.of(new byte[1])));
        }
        steps.add(new WireStep.Stall());

        assertThat(reason(probe(SHORT, steps.toArray(new WireStep[0]))))
                .endsWith(" failed: the server does not answer the TLS handshake; does this port speak TLS?");
    }

    @Test
    void aPortWithoutTlsIsTold() throws IOException {
        assertThat(reason(probe(LONG, new WireStep.Send(Bytes.latin1("SSH-2.0-x\r\n")), new WireStep.Stall())))
                .endsWith(" failed: the port does not speak TLS; try http");
    }

    private static ProbeResult probe(Duration timeout, WireStep... steps) throws IOException {
        try (var origin = RawOrigin.play(new WireScript(WireScript.Protocol.HTTP_1, List.of(steps)))) {
            return probe(timeout, "https://localhost:" + origin.address().getPort(), false);
        }
    }

    private static ProbeResult probe(Duration timeout, String url, boolean trustAnyone) {
        return new Probe(
                        new ProbeRequest("GET", List.of(), Bytes.EMPTY),
                        new Limits(timeout, 1 << 20, trustAnyone),
                        "1.40.0")
                .one(Target.parse(url));
    }

    private static String reason(ProbeResult result) {
        return ((ProbeResult.Unreachable) result).reason();
    }

    /** Answers each request with {@code hello}, over TLS, on one virtual thread per connection. */
    private static final class Server implements AutoCloseable {
        private static final byte[] HELLO =
                "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello".getBytes(StandardCharsets.US_ASCII);

        private final SSLServerSocket socket;

        Server(String certificate) throws IOException, GeneralSecurityException {
            var managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            var server = Objects.requireNonNull(SERVERS.get(certificate));
            managers.init(server.keyStore(), Certificates.PASSWORD);
            var context = SSLContext.getInstance("TLS");
            context.init(managers.getKeyManagers(), null, null);
            socket = (SSLServerSocket)
                    context.getServerSocketFactory().createServerSocket(0, 10, InetAddress.getLoopbackAddress());
            Thread.ofVirtual().start(this::accept);
        }

        String url() {
            return "https://localhost:" + socket.getLocalPort();
        }

        ProbeResult probe(boolean trustAnyone) {
            return TlsTest.probe(LONG, url(), trustAnyone);
        }

        private void accept() {
            while (!socket.isClosed()) {
                try {
                    var connection = (SSLSocket) socket.accept();
                    Thread.ofVirtual().start(() -> answer(connection));
                } catch (IOException e) {
                    return; // closed
                }
            }
        }

        private static void answer(SSLSocket connection) {
            try (connection) {
                var buffer = new byte[4096];
                while (connection.getInputStream().read(buffer) > 0) {
                    connection.getOutputStream().write(HELLO);
                }
            } catch (IOException e) {
                // The client does not trust us: that is the test.
            }
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }
}
