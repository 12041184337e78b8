// SPDX-License-Identifier: Apache-2.0
package upstreamreset.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import upstreamreset.capture.CaptureFiles;
import upstreamreset.testing.Cli;

/** Credentials are in no output of any command unless somebody asks for them; InspectCommandTest shows it of inspect. */
class SecretsTest {
    private static final String SECRET = "S3cret";

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"response_code\":502,\"response_flags\":\"UPE\",\"path\":\"/a\",\"method\":\"GET\","
                        + "\"response_code_details\":\"lua{authorization: S3cret}\"}",
                "{\"response_code\":502,\"response_flags\":\"UPE\",\"path\":\"/a\",\"authorization\":\"Bearer S3cret\"}",
                "[2026-11-29T09:20:01.656Z] \"GET /a HTTP/1.1\" 502 UPE filter{set-cookie=S3cret} - \"cookie: S3cret\" 0 87 1 -"
                        + " \"-\" \"-\" \"id\" \"a:8080\" \"127.0.0.1:1\" inbound|8080|| - - - - default",
                "upstream connect error or disconnect/reset before headers; Set-Cookie: S3cret; Path=/",
                "[2026-11-22 20:00:00.123][15][debug][http2] [source/common/http/http2/codec_impl.cc:1393] [Tags: \"ConnectionId\":\"5\"]"
                        + " invalid http2: Invalid HTTP header field was received: frame type: 1, stream: 1, name: [cookie], value: [S3cret",
                "[2026-11-22 20:00:00.123][15][debug][http2] [source/common/http/http2/codec_impl.cc:1393] [Tags: \"ConnectionId\":\"5\"]"
                        + " invalid http2: Invalid HTTP header field was received: frame type: 1, stream: 1, name: [cookie], value: [a\rS3cret]",
                "* http2 error: Invalid HTTP header field was received: frame type: 1, stream: 1, name: [set-cookie], value: [S3cret]",
            })
    void explainHidesThem(String line) {
        for (var format : List.of("text", "json")) {
            var result = Cli.run("explain", "--output", format, line);
            assertThat(result.output() + result.errors()).doesNotContain(SECRET);
        }
    }

    @Test
    void explainShowsThemWhereSomebodyAsks() {
        var line = "{\"response_code\":502,\"response_flags\":\"UPE\",\"path\":\"/a\",\"method\":\"GET\","
                + "\"response_code_details\":\"lua{authorization: S3cret}\"}";
        assertThat(Cli.run("explain", "--show-secrets", line).output()).contains(SECRET);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 200 OK\r\nAuthorization Bearer S3cret\r\nContent-Length: 2\r\n\r\nok",
                "HTTP/1.1 200 OK\r\nSet-Cookie S3cret\r\nContent-Length: 2\r\n\r\nok",
                "HTTP/1.1 200 OK\r\nSet-Cookie=S3cret\r\nContent-Length: 2\r\n\r\nok",
                "HTTP/1.1 200 OK\r\nSet-Cookie : S3cret\r\nContent-Length: 2\r\n\r\nok",
                "HTTP/1.1 200 OK\r\nCookie\tS3cret\r\nContent-Length: 2\r\n\r\nok",
                "HTTP/1.1 200 OK\r\nX-Api-Key: a\r\n\tS3cret\r\nContent-Length: 2\r\n\r\nok",
                "HTTP/1.1 200 OK\r\nX: a\r\nSet-Cookie a\r\n S3cret\r\nContent-Length: 2\r\n\r\nok",
                "HTTP/1.1 200 OK\r\nX: a\r\nSet-Cookie a\r\n S3cret\0\r\nContent-Length: 2\r\n\r\nok",
                "HTTP/1.1 200 OK\r\nSet-Cookie a\r\n S3cret\r\nContent-Length: 2\r\n\r\nok",
                "HTTP/1.1 200 OK\r\nX: a\rSet-Cookie: S3cret\r\nContent-Length: 2\r\n\r\nok",
                "HTTP/1.1 200 OK\r\nSet-Cookie;S3cret\r\nContent-Length: 2\r\n\r\nok",
                "HTTP/1.1 200 OK\r\nSet-Cookie2: S3cret\0\r\nContent-Length: 2\r\n\r\nok",
                "HTTP/1.1 302 Found\r\nLocation : /a?access_token=S3cret\r\nContent-Length: 0\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nX: a\r\nSet-Cookie a\r\n S3cret\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\nHTTP/1.1 200 OK\r\nSet-Cookie: S3cret\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nSet-Cookie S3cret\r\n\r\n",
            })
    void inspectHidesThemInLinesThatAreNoFields(String response) throws IOException {
        var capture = folder.resolve("a.pcap");
        Files.write(
                capture,
                CaptureFiles.pcap(CaptureFiles.exchange(
                        "GET /?token=S3cret HTTP/1.1\r\nHost: a\r\nProxy-Authorization: Basic S3cret\r\n\r\n",
                        response)));
        var page = folder.resolve("a.html");
        var all = new StringBuilder();
        for (var format : List.of("text", "json")) {
            var result = Cli.run("inspect", "--all", "--output", format, "--html", page.toString(), capture.toString());
            all.append(result.output()).append(result.errors()).append(Files.readString(page));
        }
        assertThat(all.toString()).contains("HTTP").doesNotContain(SECRET);
        assertThat(Cli.run("inspect", "--show-secrets", "--all", "--html", page.toString(), capture.toString())
                                .output()
                        + Files.readString(page))
                .contains(SECRET);
    }

    @Test
    void probeHidesThem() throws Exception {
        try (var server = server()) {
            var url = "http://127.0.0.1:" + server.getLocalPort() + "/";
            var junit = folder.resolve("probe.xml");
            var text = Cli.run("probe", url, "--timeout", "1", "--junit", junit.toString());
            var json = Cli.run("probe", url, "--timeout", "1", "--output", "json");
            assertThat(text.output() + text.errors() + json.output() + json.errors() + Files.readString(junit))
                    .contains("duplicate-transfer-encoding")
                    .doesNotContain(SECRET);
            assertThat(Cli.run("probe", "--show-secrets", url, "--timeout", "1").output())
                    .contains(SECRET);
        }
    }

    /** A server of a wrong response with a cookie. */
    private static ServerSocket server() throws IOException {
        var server = new ServerSocket();
        server.bind(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0));
        Thread.ofVirtual().start(() -> {
            while (!server.isClosed()) {
                try (var client = server.accept()) {
                    if (client.getInputStream().read(new byte[4_096]) > 0) {
                        client.getOutputStream().write("""
                                        HTTP/1.1 200 OK\r
                                        Set-Cookie: a=S3cret\r
                                        Transfer-Encoding: chunked\r
                                        Transfer-Encoding: chunked\r
                                        \r
                                        0\r
                                        \r
                                        """.getBytes(StandardCharsets.ISO_8859_1));
                    }
                } catch (IOException e) {
                    // The client has left, or the server is closed.
                }
            }
        });
        return server;
    }
}
