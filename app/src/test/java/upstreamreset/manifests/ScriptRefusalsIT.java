// SPDX-License-Identifier: Apache-2.0
package upstreamreset.manifests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the cluster scripts say, before they touch anything, where they cannot or will not work. */
class ScriptRefusalsIT {
    @TempDir
    private Path folder;

    private Sandbox sandbox;

    @BeforeEach
    void makeSandbox() {
        sandbox = Sandbox.in(folder);
    }

    @TestFactory
    Stream<DynamicTest> aMissingPrerequisiteIsNamedWithWhatIsNeeded() {
        return Stream.of("git", "kubectl", "docker", "kind")
                .map(program -> DynamicTest.dynamicTest(program, () -> {
                    var without = Sandbox.in(Files.createTempDirectory(folder, program))
                            .without(program);

                    assertRefused(
                            without,
                            "%s %s or newer is needed, and none is on PATH. Get it from https://"
                                    .formatted(program, needed(program)));
                }));
    }

    @Test
    void theImageIsLoadedIntoNoClusterWithoutKindAndOfNoJarThatIsNotThere() {
        sandbox.withRealImage().without("kind");

        assertThat(sandbox.script("image", "--cluster", "lab").err())
                .isEqualTo("image: kind %s or newer is needed, and none is on PATH.".formatted(needed("kind"))
                        + " Get it from https://kind.sigs.k8s.io/docs/user/quick-start/\n");
        assertThat(sandbox.script("image", "--no-build", "--tar", "a.tar").err())
                .startsWith("image: there is no ")
                .endsWith("app/target/upstream-reset.jar. Leave out --no-build: then it is built\n");
    }

    @Test
    void theImageIsMadeOfNoJarAlone() throws IOException {
        sandbox.withRealImage();
        var target = Files.createDirectories(sandbox.checkout().resolve("app/target"));
        Files.createFile(target.resolve("upstream-reset.jar"));

        var result = sandbox.script("image", "--no-build", "--tar", "a.tar");

        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.err())
                .startsWith("image: there is the jar, but no ")
                .contains("app/target/classes, of which the image is made.")
                .endsWith("Leave out --no-build: then they are built\n");
    }

    @ParameterizedTest
    @CsvSource({"kubectl, KUBECTL_VERSION, v1.31.9", "docker, DOCKER_VERSION, 19.3.15", "kind, KIND_VERSION, v0.9.0"})
    void anOldPrerequisiteIsNamedWithTheVersionFound(String program, String variable, String version) {
        sandbox.set(variable, version);

        assertRefused(
                sandbox,
                "%s %s or newer is needed; %s is installed."
                        .formatted(program, needed(program), version.replace("v", "")));
    }

    @Test
    void aDockerWithoutADaemonIsSaidSo() {
        sandbox.set("DOCKER_VERSION", "down");

        assertRefused(
                sandbox,
                "docker is installed, but 'docker version --format {{.Server.Version}}' fails: Cannot connect");
    }

    @Test
    void aCommitThatWasNeverPushedIsRefused() {
        var commit = sandbox.commit("not pushed");

        assertRefused(sandbox, Sandbox.REPOSITORY + " has no " + commit + ": ");
    }

    @Test
    void aRepositoryThatNobodyCanReadIsRefused() {
        sandbox.git("remote", "set-url", "origin", "https://git.example/me/private.git");

        assertRefused(
                sandbox, "the repository https://git.example/me/private.git cannot be reached without a password: ");
    }

    @Test
    void aRepositoryOnThisMachineIsRefused() {
        sandbox.git("remote", "set-url", "origin", "../remotes/me/lab.git");

        assertRefused(
                sandbox,
                "the cluster cannot read the repository '../remotes/me/lab.git': it must be an http or https URL");
    }

    @Test
    void aCloneWithoutAnOriginIsRefused() {
        sandbox.git("remote", "remove", "origin");

        assertRefused(sandbox, "this clone has no remote 'origin' for Argo CD to install from.");
    }

    private static void assertRefused(Sandbox sandbox, String because) {
        var result = sandbox.script("bootstrap");

        assertThat(result.err()).contains("bootstrap: " + because);
        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(sandbox.clusters()).isEmpty();
    }

    /** What scripts/lib/cluster.sh says is needed. */
    private static String needed(String program) {
        return Repository.text("scripts/lib/cluster.sh")
                .lines()
                .filter(line -> line.startsWith("readonly " + program.toUpperCase(Locale.ROOT) + "_NEEDED="))
                .map(line -> line.substring(line.indexOf('=') + 1))
                .findFirst()
                .orElseThrow();
    }
}
