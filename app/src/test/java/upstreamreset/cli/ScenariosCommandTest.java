// SPDX-License-Identifier: Apache-2.0
package upstreamreset.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
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
    void flagsStatusesAndWordsChoose() {
        assertThat(names("--flag", "UC", "--output", "json"))
                .contains("conn-fin-before-head")
                .doesNotContain("wrong", "correct");
        assertThat(names("--flag", "urx", "--output", "json")).isNotEmpty().doesNotContain("wrong");
        assertThat(names("--status", "503", "--flag", "UF", "--output", "json"))
                .contains("conn-refused")
                .doesNotContain("wrong");
        assertThat(names("transfer-encoding", "chunked", "twice", "--output", "json"))
                .isNotEmpty()
                .doesNotContain("conn-refused");
        assertThat(Cli.run("scenarios", "unsupported transfer encoding").output())
                .contains("wrong ")
                .doesNotContain("conn-refused");
    }

    private static List<String> names(String... words) {
        var arguments = Stream.concat(Stream.of("scenarios"), Stream.of(words)).toArray(String[]::new);
        var result = Cli.run(arguments);
        assertThat(result.errors()).isEmpty();
        return result.output().lines().map(line -> line.split("\"", 5)[3]).toList();
    }

    @Test
    void whatNoScenarioIsIsSaid() {
        assertThat(Cli.run("scenarios", "--flag", "XX").errors()).contains("no scenario matches");
        assertThat(Cli.run("scenarios", "wrong", "--flag", "UC").errors()).contains("leave out the scenario's name");
        assertThat(Cli.run("scenarios", "--status", "many").errors()).contains("--status");
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
        assertThat(result.errors()).contains("--all combines only with --output and the options that choose an Envoy");
    }
}
