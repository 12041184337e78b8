// SPDX-License-Identifier: Apache-2.0
package upstreamreset.matrix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import upstreamreset.scenario.Catalogue;
import upstreamreset.testing.Cli;
import upstreamreset.testing.RealParts;

/** The reactions of the real nginx, HAProxy, curl, JDK and Go; some depend on the installed version. */
class MatrixIT {
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final List<Implementation> PROXIES = List.of(Implementation.NGINX, Implementation.HAPROXY);
    private static final List<Implementation> CLIENTS =
            List.of(Implementation.CURL, Implementation.JDK, Implementation.GO);
    private static final List<Implementation> ALL =
            Stream.concat(PROXIES.stream(), CLIENTS.stream()).toList();

    @TempDir
    Path folder;

    @Test
    void aCorrectResponseIsAcceptedByEverybody() throws Exception {
        assertThat(reactions(ALL, "correct", "chunk-extension", "cl-none-close", "conn-slow-head", "conn-413-early"))
                .containsOnly(Reaction.ACCEPTS);
    }

    @Test
    void aLengthThatIsTooShortIsMisreadByEverybody() throws Exception {
        assertThat(reactions(ALL, "cl-too-short")).containsOnly(Reaction.MISREADS);
    }

    @Test
    void aBodyThatIsCutIsRejectedByEverybody() throws Exception {
        assertThat(reactions(ALL, "conn-fin-in-body", "conn-rst-in-body", "chunk-fin-no-last", "conn-refused"))
                .containsOnly(Reaction.REJECTS);
    }

    @Test
    void anAppThatNeverAnswersHangsEverybody() throws Exception {
        assertThat(reactions(ALL, "conn-no-answer")).containsOnly(Reaction.HANGS);
    }

    @Test
    void whatWrongSendsIsRejectedByHaproxyAndGoButNotByCurlAndTheJdk() throws Exception {
        assertThat(reactions(List.of(Implementation.HAPROXY, Implementation.GO), "wrong"))
                .containsOnly(Reaction.REJECTS);
        assertThat(reactions(List.of(Implementation.CURL, Implementation.JDK), "wrong"))
                .containsOnly(Reaction.ACCEPTS);
    }

    @Test
    void nginxRejectsADoubledTransferEncodingAndOneBesideALengthSince1_23() throws Exception {
        var expected = nginxMinor() < 23 ? Reaction.ACCEPTS : Reaction.REJECTS;

        assertThat(reactions(List.of(Implementation.NGINX), "wrong", "te-twice", "te-and-cl"))
                .containsOnly(expected);
    }

    private static int nginxMinor() throws IOException, InterruptedException {
        RealParts.program("nginx");
        return Integer.parseInt(Nginx.find(System.getenv()).program().version().split("\\.", -1)[1]);
    }

    @Test
    void theJdksClientDeliversChunkFramingAsBodyWhereThereIsALengthToo() throws Exception {
        var seen = (Cell.Seen) ask(List.of(Implementation.JDK), "te-and-cl")
                .columns()
                .getFirst()
                .cells()
                .getFirst();

        assertThat(seen.reaction()).isEqualTo(Reaction.MISREADS);
        assertThat(seen.status()).isEqualTo(200);
        assertThat(seen.bytes()).isEqualTo(5);
    }

    @Test
    void nginxPassesOnWhatIsNoHttpWithoutAHead() throws Exception {
        var seen = (Cell.Seen) ask(List.of(Implementation.NGINX), "port-html")
                .columns()
                .getFirst()
                .cells()
                .getFirst();

        assertThat(seen.reaction()).isEqualTo(Reaction.REJECTS);
        // Later versions were not tried; they may answer 502.
        if (nginxMinor() < 23) {
            assertThat(seen.words()).isEqualTo("the response that it passes on has no head");
        }
    }

    @Test
    void aScenarioThatIsAboutEnvoyDoesNotApplyToOthers() throws Exception {
        assertThat(ask(ALL, "h2-ok", "retry-5xx").columns())
                .allSatisfy(column -> assertThat(column.cells()).hasOnlyElementsOfType(Cell.NotApplicable.class));
    }

    @Test
    void twoAtOnceDoEachOtherNoHarm() throws Exception {
        try (var threads = Executors.newFixedThreadPool(2)) {
            var first = threads.submit(() -> reactions(PROXIES, "correct", "te-tabs", "cl-none-close"));
            var second = threads.submit(() -> reactions(PROXIES, "correct", "te-tabs", "cl-none-close"));

            assertThat(first.get()).hasSize(6).containsOnly(Reaction.ACCEPTS);
            assertThat(second.get()).hasSize(6).containsOnly(Reaction.ACCEPTS);
        }
    }

    @Test
    void whatDiffersBetweenVersionsOfEnvoyStandsOut() throws Exception {
        RealParts.envoy("1.36.2");
        RealParts.envoy("1.40.0");

        var result = matrix("te-twice", "h2-rst-protocol-error", "--column=envoy", "--envoy-version=1.36.2,1.40.0");

        assertThat(result.output().lines())
                .contains(
                        "   te-twice               rejects 502 UPE  rejects 502 UPE",
                        "≠  h2-rst-protocol-error  rejects 503 UR   rejects 502 UPE",
                        "  h2-rst-protocol-error: 1.36.2 rejects 503 UR ≠ 1.40.0 rejects 502 UPE");
        assertThat(result.exitCode()).isZero();
    }

    @Test
    void theReadmesTranscriptIsWhatItPrints() throws Exception {
        ALL.stream()
                .filter(implementation -> implementation != Implementation.JDK)
                .forEach(implementation -> RealParts.program(implementation.text()));
        var readme = Files.readString(Path.of("../README.md"));
        int start = readme.indexOf("$ scripts/upstream-reset matrix ");
        int end = readme.indexOf('\n', start);
        var names = readme.substring(start, end).split(" ", -1);
        var transcript = readme.substring(end + 1, readme.indexOf("\n```", end));

        var result = matrix(Arrays.copyOfRange(names, 3, names.length));

        var installed = versions(result.output());
        assumeThat(installed)
                .as("the README's transcript is of other versions than those installed: not compared")
                .isEqualTo(versions(transcript));
        assertThat(steady(result.output())).isEqualTo(steady(transcript));
        assertThat(result.exitCode()).isZero();
    }

    /** The versions of the implementations that the system's package manager installs: the reactions depend on them. */
    private static List<String> versions(String transcript) {
        return Pattern.compile("(nginx|haproxy|curl) [0-9][0-9.]*")
                .matcher(transcript.strip().lines().findFirst().orElse(""))
                .results()
                .map(MatchResult::group)
                .toList();
    }

    /** The text without versions, and without the column widths that depend on them. */
    private static List<String> steady(String transcript) {
        return transcript
                .strip()
                .lines()
                .map(line -> line.replaceAll("(envoy|nginx|haproxy|curl|jdk|go) [0-9][0-9.]*", "$1 VERSION")
                        .replaceAll(" +", " "))
                .toList();
    }

    @Test
    void aProxyThatIsNotInstalledIsToldByItsColumnAndIfAskedForByTheExitCode() throws Exception {
        var result = Cli.runJar(folder, Map.of("PATH", folder.toString()), "matrix", "te-twice", "--column=nginx,jdk");

        assertThat(result.exitCode()).isEqualTo(3);
        assertThat(result.output())
                .contains("te-twice  unavailable  accepts 200, 5 B", "nginx is unavailable: nginx is not on PATH");
        var unasked = Cli.runJar(folder, Map.of("PATH", folder.toString()), "matrix", "te-twice");
        assertThat(unasked.exitCode()).isZero();
        assertThat(unasked.output()).contains("nginx is unavailable: nginx is not on PATH");
    }

    @Test
    void nothingIsLeftWhenItHasEnded() throws Exception {
        var temporary = Files.createDirectory(folder.resolve("tmp"));

        var result = Cli.runJar(folder, temporary(temporary), "matrix", "correct", "--column=nginx,haproxy,curl,jdk");

        assertThat(result.exitCode()).isZero();
        assertNothingIsLeft(temporary);
    }

    @Test
    void nothingIsLeftWhenItIsKilled() throws Exception {
        // Given
        RealParts.program("nginx");
        var temporary = Files.createDirectory(folder.resolve("tmp"));
        var builder = new ProcessBuilder(Cli.jarCommand("matrix", "conn-no-answer", "--column=nginx"))
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("said").toFile());
        builder.environment().putAll(temporary(temporary));
        var process = builder.start();
        try {
            await().atMost(PATIENCE)
                    .until(() -> !with(temporary).isEmpty() && !list(temporary).isEmpty());
        } finally {
            // When
            process.destroyForcibly();
        }

        // Then
        await().atMost(PATIENCE).untilAsserted(() -> assertNothingIsLeft(temporary));
    }

    private static Map<String, String> temporary(Path folder) {
        return Map.of("JAVA_TOOL_OPTIONS", "-Djava.io.tmpdir=" + folder);
    }

    private static void assertNothingIsLeft(Path temporary) throws IOException {
        assertThat(with(temporary)).isEmpty();
        assertThat(list(temporary)).isEmpty();
    }

    /** The processes that name the folder on their command line, except JVMs: a proxy and its guard. */
    private static List<String> with(Path folder) {
        return ProcessHandle.allProcesses()
                .map(process -> process.info().commandLine().orElse(""))
                .filter(line -> line.contains(folder.toString()) && !line.contains(".jar"))
                .toList();
    }

    private static List<Path> list(Path folder) throws IOException {
        try (var files = Files.list(folder)) {
            return files.filter(file -> file.getFileName().toString().startsWith("upstream-reset"))
                    .toList();
        }
    }

    private Cli.Result matrix(String... arguments) throws IOException, InterruptedException {
        var all = Stream.concat(Stream.of("matrix"), Arrays.stream(arguments)).toArray(String[]::new);
        return Cli.runJar(folder, Map.of(), all);
    }

    private static List<Reaction> reactions(List<Implementation> implementations, String... names) throws Exception {
        return ask(implementations, names).columns().stream()
                .flatMap(column -> column.cells().stream())
                .map(cell -> ((Cell.Seen) cell).reaction())
                .toList();
    }

    private static Matrix ask(List<Implementation> implementations, String... names)
            throws IOException, InterruptedException {
        for (var implementation : implementations) {
            if (implementation != Implementation.JDK) {
                RealParts.program(implementation.text());
            }
        }
        var catalogue = new Catalogue();
        var scenarios = Arrays.stream(names)
                .map(name -> catalogue.find(name).orElseThrow())
                .toList();
        return Matrix.of(new Matrix.Options(List.of(), implementations), scenarios, () -> {});
    }
}
