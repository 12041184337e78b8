// SPDX-License-Identifier: Apache-2.0
package upstreamreset.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;
import upstreamreset.testing.Cli;
import upstreamreset.testing.Processes;
import upstreamreset.testing.RealParts;

/** The main job as a user runs it: the jar as a process, a real Envoy. */
class ReproduceIT {
    private static final Pattern CURL = Pattern.compile("curl -i (http://\\S+/wrong)");

    @TempDir
    Path folder;

    @Test
    void theReadmesTranscriptIsWhatItPrints() throws IOException, InterruptedException {
        var readme = Files.readString(Path.of("../README.md"));
        int start = readme.indexOf("$ scripts/reproduce wrong\n");
        var transcript = readme.substring(readme.indexOf('\n', start) + 1, readme.indexOf("\n```", start));

        var result = reproduce("wrong");

        assertThat(result.exitCode()).isZero();
        assertThat(steady(result.output().strip())).isEqualTo(steady(transcript));
    }

    /**
     * Without what differs from run to run: times, ports and request ids. Envoy closes at the head, whose bytes are 169; where it is
     * too busy for that, some of the app's chunks leave before.
     */
    private static String steady(String transcript) {
        return transcript
                .replaceAll("\\d{4}-\\d\\d-\\d\\dT[\\d:.]+Z", "TIME")
                .replaceAll("(?m)([Dd]ate: ).*$", "$1DATE")
                .replaceAll("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "ID")
                .replaceAll("(127\\.0\\.0\\.\\d+):\\d+", "$1:PORT")
                .replaceAll(" 0 87 \\d+ - ", " 0 87 MS - ")
                .replaceAll("sent \\d+ bytes in \\d+ chunks?", "sent 169 bytes")
                .replaceAll("(?m)^ +(169|1[7-9]\\d|[2-9]\\d\\d)  (\\d|Chunk\\\\n)?\n", "");
    }

    @Test
    void withoutNamesItShowsBothAndExitsCleanly() throws IOException, InterruptedException {
        var result = reproduce();

        assertThat(result.exitCode()).isZero();
        assertThat(result.output())
                .contains("GET /correct → 200 - via_upstream", "sent 201 bytes in 5 chunks", "matches the catalogue")
                .contains("GET /wrong → 502 UPE upstream_reset_before_response_started{protocol_error}")
                .contains("(87 bytes of body)", "Transfer-Encoding: Chunked", "Transfer-Encoding: chunked")
                .contains("unsupported transfer encoding");
        assertThat(result.errors()).contains("Envoy 1.");
    }

    @Test
    void jsonIsALineAScenarioInTheOneVocabulary() throws IOException, InterruptedException {
        var result = reproduce("correct", "wrong", "--output", "json", "--with-client-sidecar");

        assertThat(result.exitCode()).isZero();
        var lines = result.output().lines().toList();
        assertThat(lines).hasSize(2);
        var wrong = JsonMapper.shared().readTree(lines.getLast());
        assertThat(wrong.at("/request/target").asString()).isEqualTo("/wrong");
        assertThat(wrong.at("/envoy/outcome").asString()).isEqualTo("resets-before");
        assertThat(wrong.at("/envoy/status").asInt()).isEqualTo(502);
        assertThat(wrong.at("/envoy/flags").asString()).isEqualTo("UPE");
        assertThat(wrong.at("/envoy/message").asString()).isEqualTo("unsupported transfer encoding");
        assertThat(wrong.at("/envoy/observed").asBoolean()).isTrue();
        assertThat(wrong.at("/findings/0/rule").asString()).isEqualTo("duplicate-transfer-encoding");
        assertThat(wrong.at("/accessLog").size()).isEqualTo(2);
        assertThat(wrong.at("/client/bodyBytes").asInt()).isEqualTo(87);
        assertThat(wrong.at("/asExpected").asBoolean()).isTrue();
    }

    @Test
    void thePageSaysWhatTheRealEnvoyDid() throws IOException, InterruptedException {
        var page = folder.resolve("page.html");

        assertThat(reproduce("wrong", "--framework", "go", "--report", page.toString())
                        .exitCode())
                .isZero();

        assertThat(Files.readString(page))
                .contains(
                        "<h2>GET /wrong → 502 UPE</h2>",
                        "unsupported transfer encoding",
                        "87 bytes of body",
                        "in Go net/http: ")
                .containsPattern("Envoy [0-9.]+ did: resets-before")
                .doesNotContain("expects: ");
    }

    @Test
    void twoRunsSideBySideDoNotMeet() throws IOException, InterruptedException {
        RealParts.envoy();
        var first = new ProcessBuilder(Cli.jarCommand("reproduce", "wrong"))
                .redirectOutput(folder.resolve("first").toFile())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            assertThat(reproduce("wrong").exitCode()).isZero();
            assertThat(first.waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(first.exitValue()).isZero();
        } finally {
            first.destroyForcibly();
        }
    }

    @Test
    void keptItAnswersCurlAndCtrlCWritesTheCaptureAndLeavesNothingRunning() throws IOException, InterruptedException {
        RealParts.envoy();
        var capture = folder.resolve("kept.pcapng");
        var output = folder.resolve("output");
        var errors = folder.resolve("errors");
        var process = new ProcessBuilder(Cli.jarCommand(
                        "reproduce", "wrong", "--keep", "--framework", "go", "--capture", capture.toString()))
                .redirectOutput(output.toFile())
                .redirectError(errors.toFile())
                .start();
        try {
            var uri = await().atMost(Duration.ofSeconds(60)).until(() -> curlLine(errors), found -> !found.isEmpty());
            assertThat(run("curl", "-s", "-o", "/dev/null", "-w", "%{http_code} %{size_download}", uri))
                    .isEqualTo("502 87");
            // What sidecar shows of a request that passes.
            await().untilAsserted(() -> assertThat(Files.readString(output))
                    .containsSubsequence(
                            "502 UPE",
                            "Envoy answered 502 in place of the app",
                            "error duplicate-transfer-encoding",
                            "in Go net/http: "));
            var children = process.toHandle().descendants().toList();
            assertThat(children).isNotEmpty();

            run("kill", "-INT", String.valueOf(process.pid()));

            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
            await().untilAsserted(() -> assertThat(children).noneMatch(Processes::runs));
            assertThat(Files.size(capture)).isPositive();
            assertThat(Files.readString(errors)).contains("wrote " + capture);
        } finally {
            process.destroyForcibly();
        }
    }

    @Test
    void keptItSaysThatEnvoyWasKilled() throws IOException, InterruptedException {
        RealParts.envoy();
        var errors = folder.resolve("errors");
        var process = new ProcessBuilder(Cli.jarCommand("reproduce", "wrong", "--keep"))
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(errors.toFile())
                .start();
        try {
            await().atMost(Duration.ofSeconds(60)).until(() -> curlLine(errors), found -> !found.isEmpty());

            process.descendants()
                    .filter(each -> each.info().command().orElse("").endsWith("/envoy"))
                    .forEach(ProcessHandle::destroyForcibly);

            await().atMost(Duration.ofMinutes(1))
                    .untilAsserted(() -> assertThat(Files.readString(errors)).contains("Envoy has ended"));
        } finally {
            process.destroy();
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        }
    }

    /** The first of the two curl lines goes through Envoy. */
    private static String curlLine(Path errors) throws IOException {
        var found = CURL.matcher(Files.readString(errors));
        return found.find() && Files.readString(errors).lines().count() > 3 ? found.group(1) : "";
    }

    private Cli.Result reproduce(String... args) throws IOException, InterruptedException {
        RealParts.envoy();
        var command = new ArrayList<>(List.of("reproduce"));
        command.addAll(List.of(args));
        return Cli.runJar(folder, Map.of(), command.toArray(String[]::new));
    }

    private static String run(String... command) throws IOException, InterruptedException {
        var process = new ProcessBuilder(command).start();
        try {
            var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
            return output;
        } finally {
            process.destroyForcibly();
        }
    }
}
