// SPDX-License-Identifier: Apache-2.0
package upstreamreset.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import upstreamreset.testing.FreePort;
import upstreamreset.testing.RealParts;

/** The jar as a process of its own, stopped as Kubernetes stops it. */
class ServeIT {
    private static final Pattern LISTENING =
            Pattern.compile("INFO +ServeCommand: Listening on (http://127\\.0\\.0\\.1:\\d+)\n");

    @TempDir
    private Path folder;

    private Process process;
    private HttpClient client;

    @BeforeEach
    void start() throws IOException {
        client = HttpClient.newHttpClient();
        start(20);
    }

    /** The same, with other streams. */
    private void restart(int chunks) throws IOException, InterruptedException {
        process.destroyForcibly().waitFor();
        start(chunks);
    }

    /** With streams of so many tenths of a second. */
    private void start(int chunks) throws IOException {
        process = serve("--port=0", "--chunks=" + chunks, "--period=100ms")
                .redirectError(folder.resolve("err").toFile())
                .redirectOutput(folder.resolve("out").toFile())
                .start();
    }

    private static ProcessBuilder serve(String... options) {
        var command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--sun-misc-unsafe-memory-access=allow",
                "-jar",
                RealParts.jar().toAbsolutePath().toString(),
                "serve",
                "--election=off"));
        command.addAll(List.of(options));
        return new ProcessBuilder(command);
    }

    @AfterEach
    void end() throws InterruptedException {
        client.close();
        process.destroyForcibly().waitFor();
    }

    @Test
    void sigtermEndsItCleanlyAfterTheRunningStreams() throws Exception {
        // Given
        restart(60);
        var base = uri();
        var stream = client.sendAsync(get(base, "/correct"), BodyHandlers.ofString());
        await().untilAsserted(() -> assertThat(body(base, "/metrics")).contains("streams_open 1.0"));

        // When
        process.destroy();

        // Then
        await().untilAsserted(() -> assertThat(client.send(get(base, "/ready"), BodyHandlers.ofString())
                        .statusCode())
                .isEqualTo(503));
        assertThat(stream.get(60, TimeUnit.SECONDS).body()).isEqualTo("Chunk\n".repeat(60));
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isZero();
        assertThat(folder.resolve("out")).isEmptyFile();
        assertThat(Files.readString(folder.resolve("err")).lines()).hasSize(2);
    }

    @Test
    void afterSigtermNewRequestsAreServedWhileItIsNotReady() throws Exception {
        var base = uri();

        process.destroy();

        await().untilAsserted(() -> assertThat(status(base, "/ready")).isEqualTo(503));
        assertThat(status(base, "/health")).isEqualTo(200);
        assertThat(body(base, "/correct")).isEqualTo("Chunk\n".repeat(20));
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isZero();
    }

    /** Who watches holds up no rollout, and is not cut off. */
    @Test
    void sigtermEndsTheLiveViewAndDoesNotWaitForIt() throws Exception {
        var patient = serve("--port=0", "--lame-duck=0", "--drain=1h")
                .redirectError(folder.resolve("patient").toFile())
                .redirectOutput(folder.resolve("out2").toFile())
                .start();
        try (var slow = new Socket()) {
            var base = uri("patient");
            slow.setReceiveBufferSize(2048);
            slow.connect(new InetSocketAddress(base.getHost(), base.getPort()), 60_000);
            slow.getOutputStream().write("GET /events HTTP/1.1\r\nHost: a\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            var events = client.sendAsync(
                    HttpRequest.newBuilder(base.resolve("/events")).build(), BodyHandlers.ofString());
            await().untilAsserted(() -> assertThat(body(base, "/metrics"))
                    .contains("http_requests_total{path=\"/events\",status=\"200\"} 2.0"));

            patient.destroy();

            assertThat(patient.waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(patient.exitValue()).isZero();
            assertThat(events.get(60, TimeUnit.SECONDS).body()).contains("event: hello\n");
        } finally {
            patient.destroyForcibly();
        }
    }

    @Test
    void aSecondSignalEndsItAtOnce() throws Exception {
        restart(3_000);
        var base = uri();
        var stream = client.sendAsync(get(base, "/correct"), BodyHandlers.ofString());
        await().untilAsserted(() -> assertThat(body(base, "/metrics")).contains("streams_open 1.0"));

        process.destroy();
        await().untilAsserted(() -> assertThat(status(base, "/ready")).isEqualTo(503));
        process.destroy();

        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isEqualTo(128 + 15);
        assertThat(stream.handle((_, failure) -> failure).get()).isNotNull();
    }

    /** Its stderr is a pipe that is full: nothing that it does may wait for it. */
    @Test
    void aLogThatNobodyReadsStopsNothing() throws Exception {
        int port = FreePort.find();
        var fifo = folder.resolve("fifo").toString();
        var full = "mkfifo \"$0\" && exec 3<>\"$0\" && (exec timeout 1 dd if=/dev/zero bs=1k count=64 2>/dev/null >&3);"
                + " exec \"$@\" 2>&3";
        var command = new ArrayList<>(List.of("/bin/sh", "-c", full, fifo));
        command.addAll(serve("--port=" + port, "--lame-duck=0s").command());
        var silent = new ProcessBuilder(command).start();
        try {
            var base = URI.create("http://127.0.0.1:" + port);
            await().atMost(Duration.ofMinutes(1))
                    .ignoreExceptions()
                    .untilAsserted(() -> assertThat(status(base, "/health")).isEqualTo(200));

            silent.destroy();

            assertThat(silent.waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(silent.exitValue()).isZero();
        } finally {
            silent.destroyForcibly();
        }
    }

    private int status(URI base, String path) throws IOException, InterruptedException {
        return client.send(get(base, path), BodyHandlers.ofString()).statusCode();
    }

    private URI uri() {
        return uri("err");
    }

    private URI uri(String log) {
        return await().atMost(Duration.ofMinutes(1))
                .until(
                        () -> {
                            var line = LISTENING.matcher(Files.readString(folder.resolve(log)));
                            return line.find() ? URI.create(line.group(1)) : URI.create("");
                        },
                        found -> !found.toString().isEmpty());
    }

    private String body(URI base, String path) throws IOException, InterruptedException {
        return client.send(get(base, path), BodyHandlers.ofString()).body();
    }

    private static HttpRequest get(URI base, String path) {
        return HttpRequest.newBuilder(base.resolve(path))
                .timeout(Duration.ofMinutes(1))
                .build();
    }
}
