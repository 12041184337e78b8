// SPDX-License-Identifier: Apache-2.0
package upstreamreset.pod;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import upstreamreset.testing.Processes;

/** The shell around tcpdump in the Pod, run here around a stand-in that tells its process id and how it was called. */
class TcpdumpCommandTest {
    @TempDir
    private Path folder;

    private final List<Process> started = new ArrayList<>();

    @AfterEach
    void endAll() {
        started.forEach(Process::destroyForcibly);
    }

    /** What a capture leaves at its begin and its end is here in a folder of our own: /tmp is another test run's too. */
    private List<String> here(List<String> command) {
        return command.stream()
                .map(each -> each.replace(CaptureContainer.BEGUN, begun().toString())
                        .replace(CaptureContainer.DONE, done().toString()))
                .toList();
    }

    private Path begun() {
        return folder.resolve("begun");
    }

    private Path done() {
        return folder.resolve("done");
    }

    /** Starts the command with these limits, in that shell. */
    private Process start(String shell, String standIn, CaptureLimits limits) throws IOException {
        var tcpdump = folder.resolve("tcpdump");
        Files.writeString(tcpdump, "#!/bin/sh\necho $$ >'" + folder + "/pid'\n" + standIn);
        Files.setPosixFilePermissions(tcpdump, PosixFilePermissions.fromString("rwxr-xr-x"));
        var command = new ArrayList<>(here(Tcpdump.command("lo", "tcp port 8080", limits)));
        command.set(0, shell);
        var builder = new ProcessBuilder(command);
        builder.environment().merge("PATH", folder.toString(), (path, own) -> own + ":" + path);
        var process = builder.start();
        started.add(process);
        return process;
    }

    private static CaptureLimits limits(int seconds, long bytes) {
        return new CaptureLimits(Duration.ofSeconds(seconds), bytes, 100, 65_535);
    }

    private boolean standInRuns() throws IOException {
        return Processes.runs(
                Long.parseLong(Files.readString(folder.resolve("pid")).strip()));
    }

    private static String output(Process process) throws IOException {
        return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    private static void awaitOutput(Process process) throws IOException {
        assertThat(process.getInputStream().read()).isEqualTo('b');
    }

    /** Until it is told to end it writes now and then; exec, so that it has the process id. */
    private static final String WRITES_ON = "printf begun\nexec sleep 600\n";

    @ParameterizedTest
    @ValueSource(strings = {"sh", "bash"})
    void itEndsWhenItIsTold(String shell) throws Exception {
        var process = start(shell, WRITES_ON, limits(600, 1 << 20));
        awaitOutput(process);

        tell(process.getOutputStream());

        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(standInRuns()).isFalse();
    }

    private static void tell(OutputStream stdin) throws IOException {
        stdin.write('\n');
        stdin.flush();
    }

    @ParameterizedTest
    @ValueSource(strings = {"sh", "bash"})
    void itEndsWhenNobodyIsLeft(String shell) throws Exception {
        var process = start(shell, WRITES_ON, limits(600, 1 << 20));
        awaitOutput(process);

        process.getOutputStream().close();

        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(standInRuns()).isFalse();
    }

    @Test
    void theContainerEndsWhereNoCaptureBegins() throws Exception {
        assertThat(hold(600, 1).waitFor(60, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void theContainerWaitsForTheCapturesEndOnceItHasBegun() throws Exception {
        // Given
        var capture = start("sh", WRITES_ON, limits(600, 1 << 20));
        awaitOutput(capture);
        // When
        var container = hold(600, 0);
        assertThat(container.waitFor(2, TimeUnit.SECONDS)).isFalse();
        tell(capture.getOutputStream());
        // Then
        assertThat(container.waitFor(60, TimeUnit.SECONDS)).isTrue();
    }

    private Process hold(long seconds, long begin) throws IOException {
        var process = new ProcessBuilder(here(CaptureContainer.command(seconds, begin))).start();
        started.add(process);
        return process;
    }

    @Test
    void itEndsAfterItsSeconds() throws Exception {
        var process = start("sh", WRITES_ON, limits(1, 1 << 20));

        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(standInRuns()).isFalse();
    }

    @Test
    void itEndsAfterItsBytesThoughNobodyReadsThem() throws Exception {
        var process = start("sh", "head -c 20000 /dev/zero\nexec sleep 600\n", limits(600, 4_096));

        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(standInRuns()).isFalse();
    }

    @Test
    void itsEndIsTcpdumps() throws Exception {
        var process = start("sh", "echo \"$@\"\nexit 3\n", limits(600, 1 << 20));

        assertThat(output(process)).isEqualTo("-i lo -p -n -U -s 65535 -c 100 -w - tcp port 8080\n");
        assertThat(process.waitFor()).isEqualTo(3);
        assertThat(begun()).exists();
        assertThat(done()).exists();
    }
}
