// SPDX-License-Identifier: Apache-2.0
package upstreamreset.explain;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import upstreamreset.accesslog.LogField;
import upstreamreset.accesslog.LogLine;
import upstreamreset.accesslog.LogLines;
import upstreamreset.testing.RealParts;

/**
 * The printed commands, run by a real shell: kubectl is the real one, as far as it goes without a cluster, and what
 * port-forward would reach is a real server on the port that the command names.
 */
class PrintedCommandsIT {
    private static final int LOCAL_PORT = 18080;
    private static final String RESPONSE =
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n";

    @TempDir
    private Path folder;

    @BeforeEach
    void ourselves() throws IOException {
        program(
                "upstream-reset",
                "exec '%s' -cp '%s' upstreamreset.cli.Main \"$@\""
                        .formatted(
                                Path.of(System.getProperty("java.home"), "bin", "java"),
                                System.getProperty("java.class.path")));
    }

    @Test
    void theProbeBehindPortForwardSaysWhatTheAppSends() throws Exception {
        program("kubectl", "printf '%s ' \"$@\" > kubectl.args; exec sleep 60");
        try (var app = new ServerSocket(LOCAL_PORT, 8, InetAddress.getLoopbackAddress())) {
            Thread.ofVirtual().start(() -> answer(app));
            var said = run(next().named("probe"));
            assertThat(said).contains("duplicate-transfer-encoding", "127.0.0.1:" + LOCAL_PORT);
        }
        assertThat(Files.readString(folder.resolve("kubectl.args")).strip())
                .isEqualTo("-n NAMESPACE port-forward pod/web-0 18080:8080");
    }

    @Test
    void whereNothingWasForwardedNobodyIsAsked() throws Exception {
        program("kubectl", "echo 'unable to listen on port 18080' >&2; exit 1");
        program("upstream-reset", "touch asked");
        assertThat(run(next().named("probe"))).contains("unable to listen on port 18080");
        assertThat(folder.resolve("asked")).doesNotExist();
    }

    @ParameterizedTest
    @MethodSource("commands")
    void kubectlUnderstandsEachCommand(String name) throws Exception {
        program(
                "kubectl",
                "exec '%s' --server=http://127.0.0.1:1 --request-timeout=2s \"$@\""
                        .formatted(RealParts.program("kubectl")));
        program("upstream-reset", "touch asked");

        var said = run(next().named(name));

        assertThat(said)
                .as("only the server is missing")
                .contains("127.0.0.1:1 was refused")
                .doesNotContain("unknown", "Usage", "syntax error");
    }

    /** Where the app's Pod is known, they are our own. */
    @ParameterizedTest
    @ValueSource(strings = {"probe", "capture"})
    void ourOwnCommandsAreUnderstood(String name) throws Exception {
        var line = LogLines.server().with(LogField.PATH, "/it's?a=1&b=$x").entry();
        var command = new NextCommand(Hop.of(new LogLine.Access(line, "web-0", "shop")), Place.UNKNOWN).named(name);

        assertThat(command).startsWith("upstream-reset ").contains(" -n shop pod/web-0 --port ");
        assertThat(run(command)).contains("no cluster is configured").doesNotContain("--help");
    }

    static Set<String> commands() {
        return KnownCause.all().stream()
                .map(KnownCause::next)
                .filter(name -> next().named(name).startsWith("kubectl "))
                .collect(Collectors.toSet());
    }

    private static NextCommand next() {
        return new NextCommand(Hop.of(new LogLine.Access(LogLines.server().entry(), "web-0")), Place.UNKNOWN);
    }

    private void program(String name, String script) throws IOException {
        var file = folder.resolve(name);
        Files.writeString(file, "#!/bin/sh\n" + script + "\n");
        assertThat(file.toFile().setExecutable(true)).isTrue();
    }

    /** What it says on both streams; the folder comes first on PATH. */
    private String run(String command) throws Exception {
        var builder = new ProcessBuilder("sh", "-c", command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("said").toFile());
        builder.environment().put("PATH", folder + ":" + System.getenv("PATH"));
        builder.environment().put("HOME", folder.toString());
        builder.environment().remove("KUBECONFIG");
        var shell = builder.start();
        shell.getOutputStream().close();
        try {
            assertThat(shell.waitFor(60, TimeUnit.SECONDS)).as(command).isTrue();
        } finally {
            Stream.concat(shell.descendants(), Stream.of(shell.toHandle())).forEach(ProcessHandle::destroyForcibly);
        }
        return Files.readString(folder.resolve("said"));
    }

    private static void answer(ServerSocket app) {
        try {
            while (true) {
                try (var client = app.accept()) {
                    client.getInputStream().read(new byte[8_192]);
                    client.getOutputStream().write(RESPONSE.getBytes(StandardCharsets.ISO_8859_1));
                }
            }
        } catch (IOException _) {
            // The test is over.
        }
    }
}
