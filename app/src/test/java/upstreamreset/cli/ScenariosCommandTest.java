// SPDX-License-Identifier: Apache-2.0
package upstreamreset.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import upstreamreset.testing.Cli;

class ScenariosCommandTest {
    @Test
    void withoutANameAllAreListed() {
        var result = Cli.run("scenarios");

        assertThat(result.exitCode()).isEqualTo(Main.CLEAN);
        assertThat(result.output()).contains("te-twice ", "resets-before  502 UPE", "conn-refused", "h2-ok");
    }

    @Test
    void oneIsExplainedWithItsBytesAndVerdictAndNothingRaw() {
        var result = Cli.run("scenarios", "field-value-nul");

        assertThat(result.output())
                .contains(
                        "X-Foo: a\\x00b\\r\\n",
                        "RFC 9110 §5.5",
                        "resets-before: 502 UPE",
                        "its codec says: header value contains invalid chars",
                        "/scenarios/field-value-nul")
                .doesNotContain("\0");
    }

    @Test
    void asJsonEachIsALine() {
        var result = Cli.run("scenarios", "te-twice", "h2-ok", "--output", "json");

        assertThat(result.output().lines()).hasSize(2).allMatch(line -> line.startsWith("{\"name\":"));
    }

    @Test
    void anUnknownNameIsToldTheNearest() {
        var result = Cli.run("scenarios", "te-twcie");

        assertThat(result.exitCode()).isEqualTo(Main.USAGE);
        assertThat(result.errors()).contains("there is no scenario 'te-twcie'; did you mean te-twice");
    }

    @Test
    void allGoesWithNoName() {
        var result = Cli.run("reproduce", "--all", "wrong");

        assertThat(result.exitCode()).isEqualTo(Main.USAGE);
        assertThat(result.errors()).contains("--all goes with the options that name an Envoy and --output alone");
    }
}
