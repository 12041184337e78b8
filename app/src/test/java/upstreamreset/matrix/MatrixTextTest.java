// SPDX-License-Identifier: Apache-2.0
package upstreamreset.matrix;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Element;
import tools.jackson.databind.ObjectMapper;
import upstreamreset.scenario.Catalogue;
import upstreamreset.verdict.Outcome;
import upstreamreset.verdict.Verdict;

/** One invented matrix as text, JSON, JUnit and HTML. */
class MatrixTextTest {
    private static final Matrix MATRIX = new Matrix(
            Stream.of("te-twice", "te-second-empty", "h2-goaway")
                    .map(name -> new Catalogue().find(name).orElseThrow())
                    .toList(),
            List.of(
                    column(
                            Implementation.ENVOY,
                            "envoy 1.36.2",
                            envoy(Reaction.REJECTS, 502, 87, "UPE"),
                            envoy(Reaction.MISREADS, 200, 15, "-"),
                            envoy(Reaction.REJECTS, 503, 0, "UR")),
                    column(
                            Implementation.ENVOY,
                            "envoy 1.40.0",
                            envoy(Reaction.REJECTS, 502, 87, "UPE"),
                            envoy(Reaction.MISREADS, 200, 15, "-"),
                            envoy(Reaction.REJECTS, 502, 0, "UPE", "flags: expected UR, got UPE <&\">")),
                    column(
                            Implementation.CURL,
                            "curl 7.88.1",
                            seen(Reaction.ACCEPTS, 200, 5),
                            seen(Reaction.HANGS, 0, 0),
                            new Cell.NotApplicable("the app speaks HTTP/2")),
                    new Column(
                            Implementation.NGINX,
                            "nginx",
                            Optional.of("nginx is not on PATH\u001b"),
                            List.of(
                                    new Cell.Unavailable("nginx is not on PATH\u001b"),
                                    new Cell.Unavailable("nginx is not on PATH\u001b"),
                                    new Cell.Unavailable("nginx is not on PATH\u001b")))));

    @Test
    void thePageHasARowForEachScenarioAndShowsWhereVersionsDiffer(@TempDir Path folder) throws Exception {
        var file = folder.resolve("matrix.html");
        MatrixPage.write(file, "test", MATRIX);
        var page = Files.readString(file);

        assertThat(page)
                .contains("<td class=\"cell rejects\"><a href=\"#d-te-twice\">✗ rejects 502 UPE</a>")
                .contains("<td class=\"cell rejects other\"><a href=\"#d-h2-goaway\">✗ ≠ rejects 503 UR</a>")
                .contains("<td class=\"cell none\"><a href=\"#d-te-twice\">– unavailable</a>")
                .contains("<mark>Transfer-Encoding: chunked", "nginx is not on PATH\\x1b")
                .contains("not as the catalogue expects: flags: expected UR, got UPE &lt;&amp;&quot;&gt;")
                .doesNotContain("\u001b");
        assertThat(page.split("<tr class=\"row", -1)).hasSize(4);
        assertThat(page.split("<tr class=\"row differ\"", -1)).hasSize(2);
    }

    @Test
    void theTableShowsEachReactionAndWhatStandsOut() {
        var text = new StringWriter();
        new MatrixText(new PrintWriter(text)).print(MATRIX);

        assertThat(text.toString().replace(System.lineSeparator(), "\n")).isEqualTo("""
                   scenario         envoy 1.36.2        envoy 1.40.0        curl 7.88.1       nginx
                   te-twice         rejects 502 UPE     rejects 502 UPE     accepts 200, 5 B  unavailable
                !  te-second-empty  misreads 200, 15 B  misreads 200, 15 B  hangs             unavailable
                ≠  h2-goaway        rejects 503 UR      rejects 502 UPE     -                 unavailable

                rejects 200: the head was passed on, then the body was visibly cut. -: not applicable.
                ≠ the versions of Envoy differ:
                  h2-goaway: 1.36.2 rejects 503 UR ≠ 1.40.0 rejects 502 UPE

                envoy 1.36.2: rejects 2, misreads 1
                  ! misreads: te-second-empty
                envoy 1.40.0: rejects 2, misreads 1
                  ! misreads: te-second-empty
                curl 7.88.1: accepts 1, hangs 1, not applicable 1
                  accepts what envoy 1.40.0 rejects: te-twice
                nginx is unavailable: nginx is not on PATH\\x1b
                envoy 1.40.0 does not match the catalogue, h2-goaway: flags: expected UR, got UPE <&">
                """);
    }

    @Test
    void asJsonEachScenarioIsALineWithACellForEachColumn() {
        var out = new StringWriter();
        new MatrixJson(new PrintWriter(out)).print(MATRIX);
        var lines = out.toString().lines().map(new ObjectMapper()::readTree).toList();

        assertThat(lines).hasSize(3);
        var goaway = lines.get(2);
        assertThat(goaway.at("/scenario").asString()).isEqualTo("h2-goaway");
        assertThat(goaway.at("/cells/0/envoy/flags").asString()).isEqualTo("UR");
        assertThat(goaway.at("/cells/0/envoy/observed").asBoolean()).isTrue();
        assertThat(goaway.at("/cells/0/asExpected").asBoolean()).isTrue();
        assertThat(goaway.at("/cells/1/asExpected").asBoolean()).isFalse();
        assertThat(goaway.at("/cells/2/reaction").asString()).isEqualTo("not-applicable");
        assertThat(goaway.at("/cells/3/reaction").asString()).isEqualTo("unavailable");
        assertThat(lines.get(1).at("/cells/0/bodyBytes").asLong()).isEqualTo(15);
    }

    @Test
    void asJunitEachExpectationIsATestCaseAndAnUnavailableColumnAnError() throws Exception {
        var suites = DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new ByteArrayInputStream(MatrixJunit.of(MATRIX).getBytes(StandardCharsets.UTF_8)))
                .getElementsByTagName("testsuite");

        assertThat(suites.getLength()).isEqualTo(4);
        assertThat(counts((Element) suites.item(0)))
                .isEqualTo("envoy 1.36.2 tests 3 of 3 failures 0 of 0 errors 0 of 0");
        assertThat(counts((Element) suites.item(1)))
                .isEqualTo("envoy 1.40.0 tests 3 of 3 failures 1 of 1 errors 0 of 0");
        assertThat(counts((Element) suites.item(2)))
                .isEqualTo("curl 7.88.1 tests 1 of 1 failures 0 of 0 errors 0 of 0");
        assertThat(counts((Element) suites.item(3))).isEqualTo("nginx tests 1 of 1 failures 0 of 0 errors 1 of 1");
        assertThat(((Element) suites.item(1))
                        .getElementsByTagName("failure")
                        .item(0)
                        .getTextContent())
                .isEqualTo("flags: expected UR, got UPE <&\">");
        assertThat(suites.item(2).getTextContent()).contains("te-twice: accepts 200, 5 B");
    }

    /** The counts in the suite's attributes, and the test cases in it. */
    private static String counts(Element suite) {
        return "%s tests %s of %d failures %s of %d errors %s of %d"
                .formatted(
                        suite.getAttribute("name"),
                        suite.getAttribute("tests"),
                        suite.getElementsByTagName("testcase").getLength(),
                        suite.getAttribute("failures"),
                        suite.getElementsByTagName("failure").getLength(),
                        suite.getAttribute("errors"),
                        suite.getElementsByTagName("error").getLength());
    }

    @Test
    void itIsAsExpectedOnlyIfEveryColumnIsAvailableAndEveryEnvoyDidAsExpected() {
        assertThat(MATRIX.asExpected()).isFalse();
        assertThat(only(0).asExpected()).isTrue();
        assertThat(only(1).asExpected()).isFalse();
        assertThat(only(2).asExpected()).isTrue();
        assertThat(only(3).asExpected()).isTrue();
        assertThat(only(3).complete(each -> false)).isFalse();
        assertThat(only(0).complete(each -> false)).isTrue();
        assertThat(only(3).complete(each -> true)).isTrue();
    }

    private static Matrix only(int column) {
        return new Matrix(MATRIX.scenarios(), List.of(MATRIX.columns().get(column)));
    }

    private static Column column(Implementation implementation, String title, Cell... cells) {
        return new Column(implementation, title, Optional.empty(), List.of(cells));
    }

    private static Cell seen(Reaction reaction, int status, long bytes) {
        return new Cell.Seen(reaction, status, bytes, "", Optional.empty(), List.of());
    }

    private static Cell envoy(Reaction reaction, int status, long bytes, String flags, String... differences) {
        var verdict = new Verdict(Outcome.PASSES, status, flags, "details", "", "1.40.0");
        return new Cell.Seen(reaction, status, bytes, "", Optional.of(verdict), List.of(differences));
    }
}
