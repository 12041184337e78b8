// SPDX-License-Identifier: Apache-2.0
package upstreamreset.envoy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import upstreamreset.envoy.install.EnvoyHolder;
import upstreamreset.testing.Processes;
import upstreamreset.testing.RealParts;

/** No Envoy survives the JVM that started it, however that JVM ends; nor does its folder. */
class GuardIT {
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    @Test
    void aJvmThatIsKilledTakesEnvoyWithIt() throws Exception {
        try (var holder = new Holder()) {
            holder.jvm.destroyForcibly();

            holder.envoyIsGone();
        }
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void aJvmThatIsKilledTakesWithItWhatItsEnvoyForked(@TempDir Path temporary) throws Exception {
        // Given
        var pid = temporary.resolve("pid");
        var wrapper = Files.writeString(
                temporary.resolve("wrapper"), """
                #!/bin/sh
                trap '' INT HUP TERM
                setsid '%s' "$@" & echo $! >'%s'
                wait
                """.formatted(RealParts.envoy().path(), pid));
        assertThat(wrapper.toFile().setExecutable(true)).isTrue();
        try (var holder = new Holder(wrapper)) {
            var real = ProcessHandle.of(Long.parseLong(Files.readString(pid).strip()))
                    .orElseThrow();
            assertThat(real.isAlive()).isTrue();

            // When
            holder.jvm.destroyForcibly();

            // Then
            holder.envoyIsGone();
            await().atMost(PATIENCE).until(() -> !Processes.runs(real));
        }
    }

    @Test
    void aJvmThatHaltsTakesEnvoyWithIt() throws Exception {
        try (var holder = new Holder()) {
            holder.jvm.getOutputStream().write('h');
            holder.jvm.getOutputStream().flush();

            holder.envoyIsGone();
            assertThat(holder.jvm.exitValue()).isEqualTo(3);
        }
    }

    @Test
    void aJvmThatFailsTakesEnvoyWithIt() throws Exception {
        try (var holder = new Holder()) {
            holder.jvm.getOutputStream().close();

            holder.envoyIsGone();
            assertThat(holder.jvm.exitValue()).isEqualTo(1);
        }
    }

    @Test
    void aJvmThatIsTerminatedTakesEnvoyWithIt() throws Exception {
        try (var holder = new Holder()) {
            // Not Process.destroy, which also closes our end of its output.
            holder.jvm.toHandle().destroy();

            assertThat(holder.output.readLine()).isEqualTo("last message: ready true");
            holder.envoyIsGone();
        }
    }

    @Test
    @EnabledOnOs(value = OS.LINUX, disabledReason = "env --default-signal and setsid are GNU's")
    void ctrlCReachesTheJvmAloneWhichSpeaksAndThenTakesEnvoyWithIt() throws Exception {
        try (var holder = new Holder()) {
            holder.signalGroup("INT");

            assertThat(holder.output.readLine()).isEqualTo("last message: ready true");
            holder.envoyIsGone();
        }
    }

    @Test
    @EnabledOnOs(value = OS.LINUX, disabledReason = "env --default-signal and setsid are GNU's")
    void aGroupThatIsKilledTakesEnvoyWithIt() throws Exception {
        try (var holder = new Holder()) {
            holder.signalGroup("KILL");

            holder.envoyIsGone();
        }
    }

    @Test
    void aGuardThatIsKilledTakesEnvoyWithIt() throws Exception {
        // Given
        var app = new InetSocketAddress(InetAddress.getLoopbackAddress(), 9);
        var envoy = EnvoyProcess.start(RealParts.envoy(), EnvoyBootstrap.inbound(app));
        try {
            var process = ProcessHandle.of(envoy.process().pid()).orElseThrow();

            // When
            ProcessHandle.of(envoy.process().guardPid()).orElseThrow().destroyForcibly();

            // Then
            await().atMost(PATIENCE).untilAsserted(() -> {
                assertThat(Processes.runs(process)).isFalse();
                assertThat(envoy.output().ended()).isTrue();
            });
        } finally {
            envoy.close();
        }
        assertThat(envoy.folder()).doesNotExist();
    }

    @Test
    void anEnvoyThatIsClosedIsGoneWhenCloseReturns() throws Exception {
        var app = new InetSocketAddress(InetAddress.getLoopbackAddress(), 9);
        var envoy = EnvoyProcess.start(RealParts.envoy(), EnvoyBootstrap.inbound(app));
        var process = ProcessHandle.of(envoy.process().pid()).orElseThrow();

        envoy.close();

        assertThat(Processes.runs(process)).isFalse();
        assertThat(envoy.folder()).doesNotExist();
        envoy.close();
    }

    /** Another JVM, leader of its own process group, and the Envoy that it started. */
    private static final class Holder implements AutoCloseable {
        final Process jvm;
        final BufferedReader output;
        private final ProcessHandle envoy;
        private final ProcessHandle guard;
        private final Path folder;

        Holder() throws IOException {
            this(RealParts.envoy().path());
        }

        Holder(Path program) throws IOException {
            var command = new ArrayList<String>();
            if (OS.LINUX.isCurrentOs()) {
                // A test run in the background ignores SIGINT, and a JVM inherits that.
                command.addAll(List.of("env", "--default-signal=INT", "setsid"));
            }
            command.addAll(List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-cp",
                    System.getProperty("java.class.path"),
                    EnvoyHolder.class.getName(),
                    program.toString()));
            jvm = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            try {
                output = jvm.inputReader();
                var line = output.readLine();
                assertThat(line).startsWith("holding ");
                var word = line.split(" ", -1);
                envoy = ProcessHandle.of(Long.parseLong(word[1])).orElseThrow();
                guard = ProcessHandle.of(Long.parseLong(word[2])).orElseThrow();
                folder = Path.of(word[3]);
                assertThat(envoy.isAlive()).isTrue();
                assertThat(folder.resolve(EnvoyBootstrap.CONFIG)).isRegularFile();
            } catch (Throwable e) {
                jvm.destroyForcibly();
                throw e;
            }
        }

        void signalGroup(String signal) throws IOException, InterruptedException {
            assertThat(new ProcessBuilder("kill", "-" + signal, "--", "-" + jvm.pid())
                            .inheritIO()
                            .start()
                            .waitFor())
                    .isZero();
        }

        void envoyIsGone() throws InterruptedException {
            assertThat(jvm.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
            await().atMost(PATIENCE).untilAsserted(() -> {
                assertThat(Processes.runs(envoy)).isFalse();
                assertThat(Processes.runs(guard)).isFalse();
                assertThat(Files.exists(folder)).isFalse();
            });
        }

        @Override
        public void close() {
            jvm.destroyForcibly();
            guard.destroyForcibly();
            envoy.destroyForcibly();
        }
    }
}
