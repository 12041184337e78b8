// SPDX-License-Identifier: Apache-2.0
package upstreamreset.election.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.client.ConfigBuilder;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import upstreamreset.election.Candidacy.MeshLabel;
import upstreamreset.election.Leadership;
import upstreamreset.election.Term;
import upstreamreset.kubernetes.ApiException;
import upstreamreset.kubernetes.KubeApi;
import upstreamreset.kubernetes.KubeRequest;

/** The API server and the mesh as attackers: bodies without an end, slow ones, and none. */
class HostileAnswersTest {
    /** For what never comes, and for what must come. */
    private static final Duration SHORT = Duration.ofSeconds(1);

    private static final Duration LONG = Duration.ofMinutes(1);
    private static final String ENDLESS = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";

    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private ServerSocket server;
    private volatile String behaviour = "";

    @BeforeEach
    void listen() throws IOException {
        server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(() -> {
            try {
                while (true) {
                    var socket = server.accept();
                    open.add(socket);
                    Thread.ofVirtual().start(() -> answer(socket));
                }
            } catch (IOException e) {
                // closed
            }
        });
    }

    @AfterEach
    void close() throws IOException {
        server.close();
        for (var socket : open) {
            socket.close();
        }
    }

    private URI uri() {
        return URI.create("http://127.0.0.1:" + server.getLocalPort());
    }

    /** Answers the first request as told, for as long as the client takes it. */
    private void answer(Socket socket) {
        try (socket) {
            var _ = socket.getInputStream().read(new byte[65536]);
            var out = socket.getOutputStream();
            switch (behaviour) {
                case "hang" -> hang(socket);
                case "half" -> {
                    write(out, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nabc");
                    hang(socket);
                }
                case "drip" -> {
                    write(out, ENDLESS);
                    while (true) {
                        write(out, "1\r\n \r\n");
                        socket.setSoTimeout(50);
                        hang(socket);
                    }
                }
                case "endless" -> {
                    write(out, ENDLESS);
                    while (true) {
                        write(out, "10000\r\n" + "a".repeat(65536) + "\r\n");
                    }
                }
                default -> write(out, "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\n{}");
            }
        } catch (IOException e) {
            // the client has left
        } finally {
            open.remove(socket);
        }
    }

    /** Reads until the client leaves; a time-out of the socket ends it as well. */
    private static void hang(Socket socket) throws IOException {
        try {
            if (socket.getInputStream().read() < 0) {
                throw new IOException("the client has left");
            }
        } catch (SocketTimeoutException e) {
            // go on
        }
    }

    private static void write(OutputStream out, String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    private static Duration patience(String how) {
        return how.equals("endless") || how.equals("ok") ? LONG : SHORT;
    }

    @ParameterizedTest
    @CsvSource({"hang,TIMEOUT", "half,TIMEOUT", "drip,TIMEOUT", "endless,REFUSED"})
    void aCallEndsInTimeAndLeavesNoConnection(String how, String kind) {
        behaviour = how;
        try (var api =
                new KubeApi(new ConfigBuilder().withMasterUrl(uri().toString()).build(), patience(how))) {
            assertThatThrownBy(() -> api.call(KubeRequest.get("lease/a", "/a")))
                    .isInstanceOfSatisfying(
                            ApiException.class,
                            e -> assertThat(e.failure().kind()).hasToString(kind));
            await().untilAsserted(() -> assertThat(open).isEmpty());
        }
    }

    @Test
    void anAnswerOfUsualSizeIsRead() throws Exception {
        try (var api =
                new KubeApi(new ConfigBuilder().withMasterUrl(uri().toString()).build(), LONG)) {
            assertThat(api.call(KubeRequest.get("lease/a", "/a"))).isPresent();
        }
    }

    @ParameterizedTest
    @CsvSource({"hang,hangs", "half,hangs", "drip,hangs", "endless,too-long", "ok,passes"})
    void theMeshCheckCountsWhatNeverEndsAndGoesOn(String how, String outcome) throws Exception {
        behaviour = how;
        var check = new MeshCheck(uri(), Duration.ofMillis(10), patience(how));
        var leader = Thread.ofVirtual().start(() -> {
            try {
                check.lead(new Leadership(new Term("uid", "us", 1), System::nanoTime, Long.MAX_VALUE));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        try {
            await().untilAsserted(() -> assertThat(check.counts().keySet().stream()
                            .map(MeshLabel::path)
                            .collect(Collectors.toSet()))
                    .containsExactlyInAnyOrder("/correct", "/wrong"));
            assertThat(check.counts().keySet()).extracting(MeshLabel::outcome).containsOnly(outcome);
        } finally {
            leader.interrupt();
            leader.join();
        }
        await().untilAsserted(() -> assertThat(open).isEmpty());
    }
}
