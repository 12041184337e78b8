// SPDX-License-Identifier: Apache-2.0
package upstreamreset.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import upstreamreset.testing.FreePort;
import upstreamreset.testing.RealParts;
import upstreamreset.testing.SignalledProcess;
import upstreamreset.wire.Bytes;

/**
 * The probe names each way in which OpenSSL's server and nginx end a handshake.
 *
 * <p>It waits more than it works, so it runs beside all other tests.
 */
@Execution(ExecutionMode.CONCURRENT)
class TlsServersIT {
    private static final Pattern PORT = Pattern.compile("ACCEPT 127\\.0\\.0\\.1:(\\d+)");
    private static final String CERTIFICATE_WANTED =
            "the server requires a client certificate (mutual TLS), and probe has none; probe where TLS is terminated:"
                    + " in a mesh, the app's port from inside its Pod";
    private static final String NO_CIPHER =
            "the server supports none of the cipher suites and signature algorithms that probe offers; enable current ones,"
                    + " for example TLS_AES_128_GCM_SHA256 (alert handshake_failure)";

    @TempDir
    static Path folder = Path.of("");

    @BeforeAll
    static void makeCertificates() throws IOException, GeneralSecurityException {
        var ca = Certificates.authority("ca");
        ca.writePem(folder);
        Certificates.signed(ca, "good", Certificates.elliptic(), "localhost", 0).writePem(folder);
        Certificates.signed(ca, "expired", Certificates.elliptic(), "localhost", -30)
                .writePem(folder);
        Certificates.signed(ca, "other", Certificates.elliptic(), "elsewhere.example", 0)
                .writePem(folder);
        Certificates.signed(ca, "weak", Certificates.rsa(768), "localhost", 0).writePem(folder);
        Certificates.selfSigned("alone", "localhost").writePem(folder);
        Certificates.trust(ca, folder);
    }

    @AfterAll
    static void trustAsBefore() {
        Certificates.trustAsBefore();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            -tls1_1 -cipher ALL:@SECLEVEL=0                  | the server supports neither TLS 1.2 nor 1.3 (alert protocol_version); enable one of them: older versions are insecure
            -tls1_2 -cipher ECDHE-ECDSA-AES128-CCM8          | NO_CIPHER
            -tls1_3 -ciphersuites TLS_AES_128_CCM_SHA256     | NO_CIPHER
            -tls1_2 -Verify 1                                | CERTIFICATE_WANTED (alert handshake_failure)
            -tls1_3 -Verify 1                                | CERTIFICATE_WANTED
            -servername other.example -servername_fatal -cert2 other.pem -key2 other.key | the server has no certificate for localhost; use a name that it knows (alert unrecognized_name)
            -alpn h2                                         | the server does not speak HTTP/1.1 over TLS, perhaps only HTTP/2; then the port's name must tell Envoy http2 or grpc (alert no_application_protocol)
            """)
    void anEndOfOpensslsIsNamed(String options, String reason) throws IOException {
        try (var server = Server.openssl("good", options)) {
            var expected = reason.replace("NO_CIPHER", NO_CIPHER).replace("CERTIFICATE_WANTED", CERTIFICATE_WANTED);

            // In TLS 1.3 the alert follows the handshake, and may be lost when the server closes at once.
            assertThat(server.reason().replace(" (alert certificate_required)", ""))
                    .isEqualTo(expected);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            expired | the certificate of CN=expired expired on DATE; renew it; use --insecure to skip verification
            other   | the certificate is not for localhost; use --insecure to skip verification
            alone   | the certificate is self-signed (CN=alone) and not trusted; use --insecure to skip verification
            weak    | the certificate cannot be validated (Algorithm constraints check failed on keysize limits: RSA 768 bit key used with certificate: CN=weak); use --insecure to skip verification
            """)
    void aCertificateIsNamedAndInsecureGoesOn(String certificate, String reason) throws IOException {
        try (var server = Server.openssl(certificate, "-cipher ALL:@SECLEVEL=0")) {
            assertThat(server.reason().replaceAll("\\d{4}-\\d\\d-\\d\\d", "DATE"))
                    .isEqualTo(reason);
            assertThat(probe(server.port, true).healthy()).as("--insecure").isTrue();
        }
    }

    @Test
    void aCertificateThatWeTrustIsHealthy() throws IOException {
        try (var server = Server.openssl("good", "")) {
            assertThat(probe(server.port, false).healthy()).isTrue();
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            ssl_reject_handshake on;     | the server has no certificate for localhost; use a name that it knows (alert unrecognized_name)
            ssl_protocols TLSv1.1; ssl_ciphers ALL:@SECLEVEL=0; ssl_certificate good.pem; ssl_certificate_key good.key; | the server supports neither TLS 1.2 nor 1.3 (alert protocol_version); enable one of them: older versions are insecure
            """)
    void anEndOfNginxsIsNamed(String directives, String reason) throws IOException {
        try (var server = Server.nginx(directives)) {
            assertThat(server.reason()).isEqualTo(reason);
        }
    }

    @Test
    void nginxAsksForACertificateInHttp() throws IOException {
        try (var server = Server.nginx("ssl_certificate good.pem; ssl_certificate_key good.key;"
                + " ssl_verify_client on; ssl_client_certificate ca.pem;")) {
            var answered = (ProbeResult.Answered) probe(server.port, false);

            assertThat(answered.exchanges().getFirst().response().status()).isEqualTo(400);
        }
    }

    private static ProbeResult probe(int port, boolean trustAnyone) {
        return new Probe(
                        new ProbeRequest("GET", List.of(), Bytes.EMPTY),
                        new Limits(Duration.ofMinutes(1), 1 << 20, trustAnyone),
                        "1.40.0")
                .one(Target.parse("https://localhost:" + port));
    }

    private static List<String> command(String arguments) {
        var command = new ArrayList<>(List.of(RealParts.program("openssl").toString()));
        command.addAll(List.of(arguments.strip().split(" +")));
        return command;
    }

    /** A server on a local port; closing it ends the server. */
    private record Server(SignalledProcess process, int port) implements AutoCloseable {
        static Server openssl(String certificate, String options) throws IOException {
            var log = Files.createTempFile(folder, "s_server", ".log");
            var process = start(
                    log,
                    command("s_server -accept 127.0.0.1:0 -www -cert %s.pem -key %s.key %s"
                            .formatted(certificate, certificate, options)));
            await().until(() -> PORT.matcher(Files.readString(log)).find());
            var port = PORT.matcher(Files.readString(log));
            return new Server(process, port.find() ? Integer.parseInt(port.group(1)) : 0);
        }

        static Server nginx(String directives) throws IOException {
            int port = FreePort.find();
            var config = Files.createTempFile(folder, "nginx", ".conf");
            Files.writeString(config, """
                    daemon off; master_process off; pid %1$s/pid; error_log %1$s/error.log;
                    events {}
                    http { access_log off; client_body_temp_path %1$s/a; proxy_temp_path %1$s/b;
                      fastcgi_temp_path %1$s/c; uwsgi_temp_path %1$s/d; scgi_temp_path %1$s/e;
                      server { listen 127.0.0.1:%2$d ssl; %3$s location / { return 200 hello; } } }
                    """.formatted(folder, port, directives));
            var log = Files.createTempFile(folder, "nginx", ".log");
            var process =
                    start(log, List.of(RealParts.program("nginx").toString(), "-p", ".", "-c", config.toString()));
            await().ignoreExceptions().until(() -> {
                try (var socket = new Socket(InetAddress.ofLiteral("127.0.0.1"), port)) {
                    return socket.isConnected();
                }
            });
            return new Server(process, port);
        }

        private static SignalledProcess start(Path log, List<String> command) {
            var inFolder = new ArrayList<>(List.of("env", "-C", folder.toString()));
            inFolder.addAll(command);
            return SignalledProcess.start(log, Map.of(), inFolder);
        }

        String reason() {
            var result = (ProbeResult.Unreachable) probe(port, false);
            return result.reason()
                    .substring("TLS with https://localhost:%d failed: "
                            .formatted(port)
                            .length());
        }

        @Override
        public void close() {
            process.close();
        }
    }
}
