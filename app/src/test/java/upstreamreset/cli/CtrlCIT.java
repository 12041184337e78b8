// SPDX-License-Identifier: Apache-2.0
package upstreamreset.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import upstreamreset.testing.RealParts;
import upstreamreset.testing.Recording;

/**
 * Ctrl-C on a terminal, which sends it to all of its foreground, in each command that can take long: it ends soon, says what it
 * knows, leaves no process behind, and leaves the terminal as it was.
 */
class CtrlCIT {
    private static final String LINE =
            "GET /wrong HTTP/1.1\" 502 UPE upstream_reset_before_response_started{protocol_error}";

    /** Less than a command that does not notice Ctrl-C is waited for (FinishOnInterrupt). */
    private static final Duration SOON = Duration.ofSeconds(25);

    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            explain                              | waiting for log lines
            reproduce --keep correct             | Running until Ctrl-C
            reproduce --all                      | correct
            matrix --column jdk,curl             | asking [
            serve --port 0 --election off        | Listening on
            probe --wait 60s http://127.0.0.1:9/ |
            """)
    void aCommandThatIsAloneEnds(String command, String awaited) throws Exception {
        RealParts.envoy();
        press("./upstream-reset " + command, awaited == null ? "" : awaited, () -> true);
    }

    @ParameterizedTest
    @ValueSource(strings = {"explain FIFO", "explain < FIFO"})
    void aLogThatIsStillWrittenIsToldToItsEnd(String command) throws Exception {
        var shown = press(
                writer("printf '%s\\n' '" + LINE + "' >&8") + "./upstream-reset " + command.replace("FIFO", fifo())
                        + " 8>&-",
                "duplicate-transfer-encoding",
                () -> true);
        assertThat(shown.substring(shown.indexOf("^C"))).contains("1 failed");
    }

    @ParameterizedTest
    @ValueSource(strings = {"inspect FIFO", "inspect - < FIFO", "inspect --report 'PAGE' FIFO"})
    void aCaptureThatIsStillWrittenIsToldToItsEnd(String command) throws Exception {
        var page = folder.resolve("page.html");
        var shown = press(
                writer("gzip -dc lib/training.pcap.gz >&8") + "./upstream-reset "
                        + command.replace("FIFO", fifo()).replace("PAGE", page.toString()) + " 8>&-",
                "duplicate-transfer-encoding",
                () -> true);
        assertThat(shown.substring(shown.indexOf("^C"))).contains(" connections, ");
        assertThat(Files.exists(page)).isEqualTo(command.contains("PAGE"));
    }

    /** To open it waits for a writer, and no JVM's thread can be interrupted there. */
    @Test
    void aPipeWithoutAWriterIsNotWaitedFor() throws Exception {
        press(
                "mkfifo '" + fifo() + "'; ./upstream-reset inspect lib/training.pcap.gz '" + fifo() + "'",
                " connections, ",
                () -> true);
    }

    @Test
    void aStreamThatIsProbedIsLeft() throws Exception {
        var asked = new CountDownLatch(1);
        try (var app = App.start(asked)) {
            press("./upstream-reset probe --timeout 60s " + app.address(), "", () -> asked.getCount() == 0);
        }
    }

    @Test
    void aSidecarEndsWithItsEnvoyAndItsApp() throws Exception {
        RealParts.envoy();
        try (var app = App.start(new CountDownLatch(1))) {
            press("./upstream-reset sidecar " + app.address(), "Send requests to ", () -> true);
        }
        press("./upstream-reset sidecar localhost:1 -- sh -c 'echo begun; sleep 1000'", "begun", () -> true);
    }

    @ParameterizedTest
    @ValueSource(strings = {"diagnose", "capture"})
    void aClusterThatDoesNotAnswerIsLeft(String command) throws Exception {
        try (var silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            var asked = new CountDownLatch(1);
            Thread.ofPlatform().daemon().start(() -> {
                try (var connection = silent.accept()) {
                    asked.countDown();
                    connection.getInputStream().readAllBytes();
                } catch (IOException e) {
                    // It was closed: the test is over.
                }
            });
            var shown = press(
                    "./upstream-reset " + command + " --kubeconfig '" + kubeconfig(silent.getLocalPort())
                            + "' -n shop pod/cart-0",
                    "",
                    () -> asked.getCount() == 0);
            assertThat(shown).doesNotContain("Exception");
        }
    }

    @Test
    void aCandidateOfAnAbsentClusterEnds() throws Exception {
        var shown = press(
                "KUBECONFIG='" + kubeconfig(9) + "' ./upstream-reset serve --port 0 --election on",
                "Listening on",
                () -> true);
        assertThat(shown).contains("Stopping");
    }

    /** What the terminal shows, when Ctrl-C is pressed once {@code awaited} is shown and {@code ready} is true. */
    private String press(String command, String awaited, BooleanSupplier ready) throws Exception {
        var whole = "stty -g >'%s'; (trap : INT; %s; true); stty -g >'%s'; cmp '%s' '%s' && echo same"
                .formatted(before(), command, after(), before(), after());
        try (var recording = Recording.start(folder, 80, whole)) {
            recording.await(awaited, ready);
            recording.type("\u0003");
            var shown = recording.end(SOON);
            assertThat(shown).as(command).contains("same").doesNotContain("\tat ");
            recording.awaitNoProcess();
            return shown;
        }
    }

    private Path before() {
        return folder.resolve("before");
    }

    private Path after() {
        return folder.resolve("after");
    }

    private String fifo() {
        return folder.resolve("fifo").toString();
    }

    /** A pipe that stays open at its writer's end, as that of a log that goes on. */
    private String writer(String command) {
        return "mkfifo '%s'; exec 8<>'%s'; { %s; } & ".formatted(fifo(), fifo(), command);
    }

    private Path kubeconfig(int port) throws IOException {
        return Files.writeString(folder.resolve("kubeconfig"), """
                apiVersion: v1
                kind: Config
                current-context: test
                clusters: [{name: test, cluster: {server: "http://127.0.0.1:%d"}}]
                users: [{name: test, user: {}}]
                contexts: [{name: test, context: {cluster: test, user: test}}]
                """.formatted(port));
    }

    /** An app whose answer never ends. */
    private record App(HttpServer server, CountDownLatch over) implements AutoCloseable {
        static App start(CountDownLatch asked) throws IOException {
            var over = new CountDownLatch(1);
            var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
            server.createContext("/", exchange -> {
                exchange.sendResponseHeaders(200, 0);
                exchange.getResponseBody().write('a');
                exchange.getResponseBody().flush();
                asked.countDown();
                try {
                    over.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });
            server.start();
            return new App(server, over);
        }

        String address() {
            return "127.0.0.1:" + server.getAddress().getPort();
        }

        @Override
        public void close() {
            over.countDown();
            server.stop(0);
        }
    }
}
