// SPDX-License-Identifier: Apache-2.0
package upstreamreset.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import upstreamreset.testing.Cli;

class MatrixCommandTest {
    @TempDir
    Path folder;

    @Test
    void anUnknownScenarioIsToldTheNearest() {
        var result = Cli.run("matrix", "te-twise");

        assertThat(result.exitCode()).isEqualTo(Main.USAGE);
        assertThat(result.errors()).contains("there is no scenario 'te-twise'; did you mean te-twice");
    }

    @Test
    void anUnknownColumnIsToldWhichThereAre() {
        var result = Cli.run("matrix", "te-twice", "--column=apache");

        assertThat(result.exitCode()).isEqualTo(Main.USAGE);
        assertThat(result.errors()).contains("apache", "nginx", "haproxy");
    }

    @Test
    void aVersionOfEnvoyWithoutItsColumnIsAContradiction() {
        var result = Cli.run("matrix", "te-twice", "--column=jdk", "--envoy-version=1.40.0");

        assertThat(result.exitCode()).isEqualTo(Main.USAGE);
        assertThat(result.errors()).contains("--envoy, --envoy-version and --istio-version need a column envoy");
    }

    @Test
    void aVersionOfEnvoyThatIsNotPinnedIsToldWhichAre() {
        var result = Cli.run("matrix", "te-twice", "--envoy-version=1.0.0");

        assertThat(result.exitCode()).isEqualTo(Main.UNREAD);
        assertThat(result.errors()).contains("Envoy 1.0.0 is not one that we pin", "1.40.0");
    }

    @Test
    void aFileThatCannotBeWrittenIsToldBeforeAnybodyIsAsked() {
        var result = Cli.run("matrix", "te-twice", "--column=jdk", "--junit=" + folder.resolve("none/x.xml"));

        assertThat(result.exitCode()).isEqualTo(Main.UNREAD);
        assertThat(result.output()).isEmpty();
        assertThat(result.errors()).contains("cannot write the JUnit XML", "none/x.xml");
    }

    @Test
    void oneColumnIsEnough() {
        var result = Cli.run("matrix", "te-twice", "--column=jdk", "--output=json");

        assertThat(result.exitCode()).isEqualTo(Main.CLEAN);
        assertThat(result.output())
                .startsWith("{\"scenario\":\"te-twice\",\"cells\":[{\"column\":\"jdk ")
                .contains("\"reaction\":\"accepts\",\"status\":200,\"bodyBytes\":5");
    }
}
