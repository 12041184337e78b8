// SPDX-License-Identifier: Apache-2.0
package upstreamreset.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import upstreamreset.server.AppServer;
import upstreamreset.server.ServeOptions;
import upstreamreset.testing.Cli;
import upstreamreset.testing.FreePort;
import upstreamreset.testing.Processes;
import upstreamreset.testing.RealParts;
import upstreamreset.testing.SignalledProcess;

/** How {@code sidecar} ends: whatever ends it leaves neither Envoy, nor the app, nor what the app started. */
class SidecarEndsIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Pattern ASK =
            Pattern.compile("Send requests to (http://127\\.0\\.0\\.1:\\d+/\\S*) instead of");

    @TempDir
    Path folder;

    @BeforeAll
    static void envoyIsThere() {
        RealParts.envoy();
    }

    @ParameterizedTest
    @ValueSource(strings = {"INT", "TERM", "KILL"})
    void whatEndsItLeavesNeitherEnvoyNorTheAppNorItsChildren(String signal) throws Exception {
        int port = FreePort.find();
        var pids = folder.resolve("pids");
        var serve = String.join(" ", Cli.jarCommand("serve", "--port", Integer.toString(port), "--host", "127.0.0.1"));
        var script = "sleep 1000 & echo $! >" + pids + "; " + serve + " & echo $! >>" + pids + "; wait";
        try (var sidecar = live(port, "--", "sh", "-c", script)) {
            assertThat(status(url(sidecar).resolve("/wrong"))).isEqualTo(502);
            await().atMost(PATIENCE)
                    .until(() -> Files.readString(sidecar.log()).contains("duplicate-transfer-encoding"));
            var children = Files.readAllLines(pids).stream().map(Long::valueOf).toList();

            sidecar.signal(signal);

            assertThat(sidecar.awaitExit(60)).isNotZero();
            await().atMost(PATIENCE)
                    .until(() -> children.stream().noneMatch(Processes::runs)
                            && !listens(url(sidecar).getPort()));
        }
    }

    @Test
    void anAppThatDiesInBetweenIsAnAnswerOfEnvoys() throws Exception {
        var mortal = AppServer.start(ServeOptions.onFreePort());
        try (var sidecar = live(mortal.port())) {
            assertThat(status(url(sidecar).resolve("/health"))).isEqualTo(200);
            mortal.close();

            assertThat(status(url(sidecar).resolve("/health"))).isEqualTo(503);
            // As Envoy asks on a new connection, or on the old one while it is being closed
            var answer = Pattern.compile(
                    "nothing listens at the app's address any more|Envoy answered 503 in place of the app");
            await().atMost(PATIENCE)
                    .until(() -> answer.matcher(Files.readString(sidecar.log())).find());
        }
    }

    @Test
    void itEndsWithItsCommand() throws Exception {
        int port = FreePort.find();
        var serve = String.join(" ", Cli.jarCommand("serve", "--port", Integer.toString(port), "--host", "127.0.0.1"));
        var pid = folder.resolve("pid");
        try (var sidecar = live(port, "--", "sh", "-c", serve + " & echo $! >" + pid + "; wait; exit 9")) {
            assertThat(status(url(sidecar).resolve("/health"))).isEqualTo(200);
            ProcessHandle.of(Long.parseLong(Files.readString(pid).strip())).ifPresent(ProcessHandle::destroyForcibly);

            assertThat(sidecar.awaitExit(60)).isEqualTo(Main.UNREAD);
            assertThat(Files.readString(sidecar.log())).contains("ended with exit code 9");
        }
    }

    /** Of the app nothing has been seen yet, and Envoy has not been started. */
    @ParameterizedTest
    @ValueSource(strings = {"INT", "TERM", "KILL"})
    void whatEndsItWhileTheAppStartsLeavesNothing(String signal) throws Exception {
        var pids = folder.resolve("pids");
        var script = "sleep 1000 & echo $! >" + pids + "; setsid sleep 1000 & echo $! >>" + pids + "; echo $$ >>" + pids
                + "; wait";
        try (var sidecar = live(FreePort.find(), "--ask", "/", "--", "sh", "-c", script)) {
            await().atMost(PATIENCE)
                    .until(() -> Files.exists(pids) && Files.readAllLines(pids).size() == 3);
            var started = Files.readAllLines(pids).stream().map(Long::valueOf).toList();

            sidecar.signal(signal);

            assertThat(sidecar.awaitExit(60)).isNotZero();
            await().atMost(PATIENCE).until(() -> started.stream().noneMatch(Processes::runs));
        }
    }

    private static boolean listens(int port) {
        try (var socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port), 1_000);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private SignalledProcess live(int port, String... more) {
        var words = new ArrayList<>(List.of("sidecar", Integer.toString(port)));
        words.addAll(List.of(more));
        // A test run in the background ignores SIGINT, and a JVM inherits that.
        var command = new ArrayList<>(List.of("env", "--default-signal=INT"));
        command.addAll(Cli.jarCommand(words.toArray(new String[0])));
        return SignalledProcess.start(folder.resolve("log"), Map.of(), command);
    }

    private static URI url(SignalledProcess sidecar) {
        return await().atMost(PATIENCE)
                .until(
                        () -> {
                            var found = ASK.matcher(Files.readString(sidecar.log()));
                            return found.find() ? URI.create(found.group(1)) : URI.create("");
                        },
                        url -> !url.toString().isEmpty());
    }

    private static int status(URI url) throws IOException, InterruptedException {
        try (var client = HttpClient.newHttpClient()) {
            return client.send(HttpRequest.newBuilder(url).build(), HttpResponse.BodyHandlers.discarding())
                    .statusCode();
        }
    }
}
