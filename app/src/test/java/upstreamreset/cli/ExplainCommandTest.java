// SPDX-License-Identifier: Apache-2.0
package upstreamreset.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.ObjectMapper;
import upstreamreset.codec.OneSegment;
import upstreamreset.http1.CloseReason;
import upstreamreset.http1.ResponseReader;
import upstreamreset.verdict.JudgedResponse;

class ExplainCommandTest {
    private static final String WRONG = "[2026-11-22T20:00:00.123Z] \"GET /wrong HTTP/1.1\" 502 UPE"
            + " upstream_reset_before_response_started{protocol_error} - \"-\" 0 87 3 - \"-\" \"curl/8.5.0\""
            + " \"id-1\" \"http-chunked:8080\" \"10.244.0.7:8080\" inbound|8080||"
            + " 127.0.0.6:48357 10.244.0.7:8080 10.244.0.9:40012 - default";
    private static final String WRONG_RESPONSE =
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: Chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n";
    private static final String CODEC = "[2026-11-22 20:00:00.123][15][debug][client] [codec_client.cc:169] [Tags:"
            + " \"ConnectionId\":\"4\"] Error dispatching received data: http/1.1 protocol error: ";

    private final StringWriter out = new StringWriter();
    private boolean terminal;
    private final StringWriter err = new StringWriter();

    @Test
    void aLineAndTheCodecsLineNameTheRule() {
        assertThat(run("", WRONG, CODEC + "unsupported transfer encoding")).isEqualTo(Main.FOUND);
        assertThat(out.toString())
                .contains("the server's sidecar made this 502 itself")
                .contains("Envoy's codec said: unsupported transfer encoding")
                .contains(
                        "duplicate-transfer-encoding (RFC 9112 §6.1)\n      cause: The code sets Transfer-Encoding itself")
                .contains("      fix:   Do not set or copy Transfer-Encoding");
    }

    @Test
    void theFindingsAreProbesWithoutAPlace() {
        run("", "--output", "json", WRONG, CODEC + "unsupported transfer encoding");
        run("", "--output", "json", CODEC + "HPE_INVALID_CHUNK_SIZE");
        var lines = out.toString().lines().map(new ObjectMapper()::readTree).toList();
        assertThat(lines).hasSize(2);
        var bytes = WRONG_RESPONSE.getBytes(StandardCharsets.ISO_8859_1);
        var probed = JudgedResponse.of(
                        new JudgedResponse.Request("GET", "/", Optional.empty()),
                        ResponseReader.read("GET", bytes, CloseReason.OPEN),
                        "nobody",
                        OneSegment.judge("1.40.0", "GET", bytes, CloseReason.OPEN),
                        false)
                .findings()
                .getFirst();
        var explained = lines.getFirst().at("/findings/0");
        assertThat(explained.at("/rule").asString()).isEqualTo(probed.rule().id());
        assertThat(explained.at("/section").asString()).isEqualTo(probed.rule().section());
        assertThat(explained.at("/severity").asString())
                .isEqualTo(probed.severity().text());
        assertThat(explained.at("/cause").asString()).isEqualTo(probed.cause());
        assertThat(explained.at("/fix").asString()).isEqualTo(probed.fix());
        assertThat(lines.getLast().at("/findings/0/rule").asString()).isEqualTo("invalid-chunk-size");
        assertThat(lines.getLast().at("/findings/0/fix").asString()).isNotEmpty();
    }

    @Test
    void aCleanLineIsClean() {
        assertThat(run(
                        "",
                        WRONG.replace(
                                "502 UPE upstream_reset_before_response_started{protocol_error}",
                                "200 - via_upstream")))
                .isZero();
        assertThat(out.toString()).contains("nothing failed: the upstream answered 200");
    }

    @Test
    void stdinIsReadAndJsonHasALineARequest() {
        assertThat(run(WRONG + "\r\n" + WRONG.replace("id-1", "id-2") + "\n", "--output", "json"))
                .isEqualTo(Main.FOUND);
        var lines = out.toString().lines().toList();
        assertThat(lines).hasSize(2);
        var json = new ObjectMapper().readTree(lines.getFirst());
        assertThat(json.at("/request/target").asString()).isEqualTo("/wrong");
        assertThat(json.at("/envoy/flags").asString()).isEqualTo("UPE");
        assertThat(json.at("/envoy/outcome").asString()).isEqualTo("resets-before");
        assertThat(json.at("/hop").asString()).isEqualTo("server");
        assertThat(json.at("/causes/0/id").asString()).isEqualTo("duplicate-transfer-encoding");
        assertThat(json.at("/causes/0/next").asString())
                .contains("port-forward", "&& upstream-reset probe http://127.0.0.1:18080/wrong; kill $!");
    }

    /** As a shell names it: {@code explain <(kubectl logs POD)}. */
    @Test
    @Timeout(value = 1, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void aPipeThatHasANameIsALog(@TempDir Path folder) throws Exception {
        var pipe = folder.resolve("pipe");
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor())
                .isZero();
        var writing = new FutureTask<>(() -> Files.writeString(pipe, WRONG + "\n"));
        Thread.ofPlatform().daemon().start(writing);

        assertThat(run("", pipe.toString())).isEqualTo(Main.FOUND);

        assertThat(out.toString()).contains("the server's sidecar made this 502 itself");
    }

    @Test
    void causesAreListedAndExplainedByTheirIds() {
        assertThat(run("", "--list")).isZero();
        assertThat(out.toString()).contains("keep-alive-race ", "grpc-local-reply ");
        assertThat(run("", "keep-alive-race")).isZero();
        assertThat(out.toString()).contains("  fix: ");
    }

    @Test
    void aLongLogIsASummaryWithAnExampleOfEachCause() {
        var log = new StringBuilder();
        for (int i = 0; i < 300; i++) {
            log.append(WRONG.replace("id-1", "id-" + i).replace("/wrong", "/wrong?" + i))
                    .append('\n');
        }
        log.append(WRONG.replace("502 UPE", "503 UH").replace("id-1", "last")).append('\n');
        assertThat(run(log.toString())).isEqualTo(Main.FOUND);
        assertThat(out.toString())
                .startsWith("301 lines, 301 requests, 301 failed")
                .contains("      300  502 UPE protocol error, made by the server's sidecar")
                .contains("      301  /wrong\n")
                .contains("        1  503 UH")
                .containsOnlyOnce("$ istioctl proxy-config endpoints POD");
    }

    @Test
    void theCleanLinesOfAVeryLongLogAreCountedToo() {
        var clean =
                WRONG.replace("502 UPE upstream_reset_before_response_started{protocol_error}", "200 - via_upstream");
        var almost = List.of(
                WRONG, // the first three differ from a clean line in one place each
                clean.replace("200 - via", "200 DC via"),
                clean.replace("- \"-\" 0", "- \"failed\" 0"),
                clean.replace("[2026-", "<2026-"),
                "",
                clean.replace("\"GET", "GET"));
        assertThat(run((clean + "\r\n").repeat(12_000) + String.join("\n", almost)))
                .isEqualTo(Main.FOUND);
        assertThat(out.toString()).startsWith("12,005 lines, 12,005 requests, 2 failed");
    }

    @Test
    void anIdThatALoadGeneratorSendsWithEveryRequestJoinsNothing() {
        assertThat(run((WRONG + "\n").repeat(101))).isEqualTo(Main.FOUND);
        assertThat(out.toString())
                .startsWith("101 lines, 101 requests, 101 failed")
                .contains("the app got the request once")
                .doesNotContain("it was retried");
    }

    @Test
    void aForeignLogNamesTheMissingFieldAndTheOption() {
        assertThat(run("", "10.0.0.1 GET /wrong 502")).isEqualTo(Main.UNREAD);
        assertThat(err.toString())
                .isEqualTo(
                        "upstream-reset explain: line 1 is not an access-log line: expected \"[\" at the start. (1 of 1"
                                + " lines skipped.) If your mesh has its own accessLogFormat, give it with --format.\n");
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void nothingAtAllIsSaid() {
        assertThat(run("")).isEqualTo(Main.UNREAD);
        assertThat(err.toString()).contains("no input");
    }

    @Test
    void aGzippedLogIsSimplyReadAndACutOneSaid() throws Exception {
        var zipped = new ByteArrayOutputStream();
        try (var gzip = new GZIPOutputStream(zipped)) {
            gzip.write((WRONG + "\n").repeat(3_000).getBytes(StandardCharsets.UTF_8));
        }
        assertThat(run(zipped.toByteArray())).isEqualTo(Main.FOUND);
        assertThat(out.toString()).startsWith("3,000 lines, 3,000 requests, 3,000 failed");
        assertThat(err.toString()).isEmpty();
        run(Arrays.copyOf(zipped.toByteArray(), zipped.size() / 2));
        assertThat(err.toString())
                .isEqualTo("upstream-reset explain: stdin: the gzip stream is truncated or damaged; everything"
                        + " before that point was read\n");
    }

    @Test
    void aLogThatPowerShellSavedIsReadAsAnyOther() {
        assertThat(run(WRONG.getBytes(StandardCharsets.UTF_8))).isEqualTo(Main.FOUND);
        var plain = out.toString();
        for (var saved : List.of(
                ("\uFEFF" + WRONG).getBytes(StandardCharsets.UTF_16LE),
                ("\uFEFF" + WRONG).getBytes(StandardCharsets.UTF_16BE),
                WRONG.getBytes(StandardCharsets.UTF_16LE),
                WRONG.getBytes(StandardCharsets.UTF_16BE))) {
            out.getBuffer().setLength(0);
            assertThat(run(saved)).isEqualTo(Main.FOUND);
            assertThat(out.toString()).isEqualTo(plain);
            assertThat(err.toString()).isEmpty();
        }
    }

    @Test
    void theValuesOfAQueryAreHiddenInEachOutput() {
        var secret = WRONG.replace("/wrong", "/wrong?token=T0PSECRET&page=2");
        for (var output : List.of("text", "json")) {
            run(secret, "--output", output, "-n", "lab", "--pod", "web-0");
        }
        assertThat(out.toString())
                .doesNotContain("T0PSECRET")
                .contains("/wrong?token=*********&page=*")
                .contains("pod/web-0", "logging?paths=client:debug,http2:debug");
    }

    @Test
    void aTextThatIsNoRequestsIsToldToBeNone() {
        assertThat(run("curl http://web:8080/\n")).isEqualTo(Main.UNREAD);
        assertThat(err.toString()).contains("nothing in it tells of a request");
    }

    @Test
    void aDashIsStdin() {
        assertThat(run(WRONG, "-")).isEqualTo(Main.FOUND);
        assertThat(out.toString()).contains("the server's sidecar made this 502 itself");
    }

    @Test
    void aFilesNameStandsForItsLines(@TempDir Path folder) throws Exception {
        var file = Files.writeString(folder.resolve("access.log"), WRONG + "\n" + WRONG.replace("id-1", "id-2"));
        assertThat(run("", file.toString())).isEqualTo(Main.FOUND);
        assertThat(out.toString()).contains("(id-1)", "(id-2)");
        var zipped = folder.resolve("access.log.gz");
        try (var gzip = new GZIPOutputStream(Files.newOutputStream(zipped))) {
            gzip.write(WRONG.replace("id-1", "id-3").getBytes(StandardCharsets.UTF_8));
        }
        assertThat(run("", zipped.toString(), WRONG.replace("id-1", "id-4"))).isEqualTo(Main.FOUND);
        assertThat(out.toString()).contains("(id-3)", "(id-4)");
    }

    @Test
    void aFolderIsNoLine(@TempDir Path folder) {
        assertThat(run("", folder.toString())).isEqualTo(Main.UNREAD);
        assertThat(err.toString()).contains(folder + ": it is a folder; name a file in it");
    }

    @Test
    void aLineWhoseQuotesTheShellAteIsOneLine() {
        assertThat(run("", WRONG.replace("\"", "").split(" "))).isEqualTo(Main.FOUND);
        assertThat(out.toString()).contains("GET /wrong", "the server's sidecar made this 502 itself");
    }

    @Test
    void theWordsThatTheShellMadeOfAQuotedLineAreOneLine() {
        var words = WRONG.split(" (?=(?:[^\"]*\"[^\"]*\")*[^\"]*$)");
        assertThat(run(
                        "",
                        Arrays.stream(words).map(word -> word.replace("\"", "")).toArray(String[]::new)))
                .isEqualTo(Main.FOUND);
        assertThat(out.toString()).contains("GET /wrong  (id-1)", "the server's sidecar made this 502 itself");
    }

    @Test
    void onATerminalItSaysWhatItWaitsFor() {
        terminal = true;
        run(WRONG);
        assertThat(err.toString()).startsWith("upstream-reset explain: waiting for log lines");
        assertThat(out.toString()).contains("(id-1)");
    }

    @Test
    void aJsonFormatOfOnesOwnIsTaken() {
        var format = "{\"code\":\"%RESPONSE_CODE%\",\"flags\":\"%RESPONSE_FLAGS%\"}";
        assertThat(run("{\"code\":502,\"flags\":\"UPE\"}", "--format", format)).isEqualTo(Main.FOUND);
        assertThat(out.toString()).contains("the proxy made this 502 itself");
        assertThat(run("", "--format", "{\"path\":\"%REQ(:PATH)%\"}", WRONG)).isEqualTo(Main.USAGE);
        assertThat(err.toString()).contains("neither %RESPONSE_CODE% nor %RESPONSE_FLAGS%");
    }

    @Test
    void tcpConnectionsOfALogAreNoFailures() {
        assertThat(run("[2026-11-22T20:00:00.123Z] \"- - -\" 0 - - - \"-\" 1534 2201 3003 - \"-\" \"-\" \"-\" \"-\""
                        + " \"10.0.0.9:5432\" outbound|5432||pg 10.244.0.7:48357 10.0.0.9:5432 10.244.0.7:40012 - -\n"))
                .isZero();
        assertThat(out.toString()).startsWith("TCP 10.0.0.9:5432\n");
    }

    @Test
    void badOptionsAreUsageErrors() {
        assertThat(run("", "--istio-version", "new", WRONG)).isEqualTo(Main.USAGE);
        assertThat(err.toString()).contains("--istio-version new is not a version");
        assertThat(run("", "--format", "%START_TIME%", WRONG)).isEqualTo(Main.USAGE);
        assertThat(err.toString()).contains("neither %RESPONSE_CODE% nor %RESPONSE_FLAGS%");
    }

    @Test
    void nothingFromALogIsPrintedRaw() {
        var hostile = "\u001b[2J\u0007\u202e<script>";
        for (var output : new String[] {"text", "json"}) {
            run(
                    "",
                    "--output",
                    output,
                    WRONG.replace("/wrong", "/" + hostile).replace("id-1", hostile),
                    "\u001b[31m",
                    CODEC + hostile);
        }
        assertThat(out.toString() + err)
                .doesNotContain("\u001b", "\u0007", "\u202e")
                .contains("\\x1b[2J");
    }

    private int run(String stdin, String... args) {
        return run(stdin.getBytes(StandardCharsets.UTF_8), args);
    }

    private int run(byte[] stdin, String... args) {
        var command = new ExplainCommand();
        command.in = new ByteArrayInputStream(stdin);
        command.isTerminal = () -> terminal;
        return command.commandLine()
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err, true))
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setParameterExceptionHandler(ErrorHandler::usage)
                .execute(args);
    }
}
