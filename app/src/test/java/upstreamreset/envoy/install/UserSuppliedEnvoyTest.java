// SPDX-License-Identifier: Apache-2.0
package upstreamreset.envoy.install;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import upstreamreset.testing.Processes;
import upstreamreset.testing.RealParts;

/** What is given as an Envoy is one, or one sentence says what it is. */
class UserSuppliedEnvoyTest {
    @TempDir
    Path folder;

    @Test
    void theOneThatIsGivenWinsOverTheEnvironment() throws Exception {
        var given = FakeWheel.program(folder.resolve("given"), "echo 'version: ab/1.2.3-dev/Clean/RELEASE/BoringSSL'");
        var environment = Map.of("ENVOY", folder.resolve("other").toString());

        assertThat(EnvoyBinary.find(given, "1.40.0", environment, _ -> {}))
                .isEqualTo(new EnvoyBinary(given, "1.2.3-dev"));
    }

    @Test
    void theEnvironmentsIsNamedAsSuch() {
        var missing = folder.resolve("missing");

        assertThatThrownBy(() -> EnvoyBinary.find(null, "1.40.0", Map.of("ENVOY", missing.toString()), _ -> {}))
                .hasMessage("$ENVOY " + missing + ": there is no such file");
    }

    @Test
    void aRealOneTellsItsVersion() throws Exception {
        assertThat(UserSuppliedEnvoy.check(RealParts.envoy().path(), "--envoy")).isEqualTo(RealParts.envoy());
    }

    @Test
    void aFolderIsNotAnEnvoy() {
        assertThatThrownBy(() -> UserSuppliedEnvoy.check(folder, "--envoy"))
                .hasMessage("--envoy " + folder
                        + " is not a file that this user can reach; give the path of the envoy program itself");
    }

    @Test
    void aFileWithoutTheRightToExecuteIsNamed() throws Exception {
        var file = Files.writeString(folder.resolve("envoy"), "");

        assertThatThrownBy(() -> UserSuppliedEnvoy.check(file, "--envoy"))
                .hasMessageStartingWith("--envoy " + file + " cannot be executed by this user");
    }

    @Test
    void anotherProgramIsQuotedWithoutItsControlCharacters() throws Exception {
        var other = FakeWheel.program(folder.resolve("other"), "printf 'I am \\033[31mnginx\\n'; exit 2");

        assertThatThrownBy(() -> UserSuppliedEnvoy.check(other, "--envoy"))
                .hasMessage("--envoy " + other
                        + " is not an Envoy that runs here: it answered --version with \"I am ?[31mnginx\"");
    }

    @Test
    void whatIsNoProgramAtAllIsNamed() throws Exception {
        var file = FakeWheel.program(folder.resolve("envoy"), "");
        Files.write(file, new byte[] {0x7f, 'E', 'L', 'F', 9, 9, 9});

        assertThatThrownBy(() -> UserSuppliedEnvoy.check(file, "--envoy"))
                .hasMessageStartingWith("--envoy " + file + " is not an Envoy that runs here");
    }

    @Test
    void aProgramThatHangsIsEnded() throws Exception {
        var file = FakeWheel.program(folder.resolve("envoy"), "echo $$ >'" + folder + "/pid'; exec tail -f /dev/null");

        assertThatThrownBy(() -> UserSuppliedEnvoy.version(file, "--envoy " + file, Duration.ofSeconds(1)))
                .hasMessage("--envoy " + file + " is not an Envoy: it did not answer --version within 1 s");
        assertThat(Processes.runs(
                        Long.parseLong(Files.readString(folder.resolve("pid")).strip())))
                .isFalse();
    }

    @Test
    void aProgramThatNeverStopsTalkingIsEnded() throws Exception {
        var file = FakeWheel.program(folder.resolve("envoy"), "exec yes");

        assertThatThrownBy(() -> UserSuppliedEnvoy.check(file, "--envoy"))
                .hasMessageContaining("it answered --version with \"y / y");
    }
}
