// SPDX-License-Identifier: Apache-2.0
package upstreamreset.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedWriter;
import java.io.ByteArrayInputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import upstreamreset.capture.CaptureWriter;
import upstreamreset.tcp.Direction;
import upstreamreset.tcp.StreamEvent.Data;
import upstreamreset.tcp.StreamEvent.Fin;
import upstreamreset.tcp.StreamEvent.Opened;
import upstreamreset.testing.Cli;
import upstreamreset.wire.Bytes;

class InspectCommandTest {
    private static final String HOSTILE = "\u001b[2J<script>";
    private static final String WRONG =
            "HTTP/1.1 200 OK\r\nX: a\r\nTransfer-Encoding: Chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n";

    @TempDir
    Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Test
    void theGuiltyLinesAreMarkedAtTheirOffsets() throws Exception {
        assertThat(run(capture("/wrong", WRONG).toString())).isEqualTo(Main.FOUND);
        assertThat(out.toString())
                .contains("GET /wrong → 200, behind Envoy resets-before 502 UPE")
                .contains(
                        "       17  X: a\n  >     23  Transfer-Encoding: Chunked\n  >     51  Transfer-Encoding: chunked\n")
                .contains("ended first by server FIN")
                .contains("Envoy's codec would say: unsupported transfer encoding");
        assertThat(err.toString()).contains("1 connection, 1 response, 1 with findings");
    }

    @Test
    void aCleanCaptureIsCleanAndStaysSilent() throws Exception {
        var file = capture("/", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nOK");
        assertThat(run(file.toString())).isZero();
        assertThat(out.toString()).isEmpty();
        assertThat(run("--all", file.toString())).isZero();
        assertThat(out.toString()).contains("GET / → 200, behind Envoy passes 200 -");
    }

    @Test
    void stdinIsReadAlsoForThePage() throws Exception {
        var bytes = Files.readAllBytes(capture("/wrong", WRONG));
        var page = folder.resolve("page.html");
        assertThat(run(bytes, "--report", page.toString(), "-")).isEqualTo(Main.FOUND);
        assertThat(page).content().contains("<mark>Transfer-Encoding: Chunked");
        try (var files = Files.list(folder)) {
            assertThat(files).hasSize(2);
        }
    }

    /** A FIFO, or a shell's {@code <(command)}: it can be read once only, also for the page. */
    @Test
    @Timeout(value = 1, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void aPipeThatHasANameIsReadOnce() throws Exception {
        var bytes = Files.readAllBytes(capture("/wrong", WRONG));
        var pipe = folder.resolve("pipe");
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor())
                .isZero();
        var page = folder.resolve("page.html");
        var writing = new FutureTask<>(() -> Files.write(pipe, bytes));
        Thread.ofPlatform().daemon().start(writing);

        assertThat(run("--report", page.toString(), pipe.toString())).isEqualTo(Main.FOUND);

        assertThat(err.toString()).contains(pipe + ": ", "1 connection, 1 response, 1 with findings");
        assertThat(page).content().contains("<mark>Transfer-Encoding: Chunked");
    }

    @Test
    void credentialsAreInNoOutputUnlessAskedFor() throws Exception {
        for (var line : List.of(
                "Set-Cookie: S3cret",
                "sET-cOOKIE:\tS3cret",
                "Set-Cookie: a;\r\n S3cret",
                "Set-Cookie : S3cret",
                "Set-Cookie: a\0S3cret",
                "Authorization: Basic S3cret\r\n\tS3cret")) {
            var file = capture("/a HTTP/1.1\r\nCookie: S3cret\r\nX: b", WRONG.replace("X: a", line))
                    .toString();
            var page = folder.resolve("page.html");
            run("--all", "--report", page.toString(), file);
            run("--all", "--output", "json", file);
            assertThat(out + Files.readString(page) + err)
                    .as(line)
                    .contains("***")
                    .doesNotContain("S3cret");
        }
        var shown = Cli.run(
                "inspect",
                "--show-secrets",
                capture("/", WRONG.replace("X: a", "Cookie: S3cret")).toString());
        assertThat(shown.output()).contains("Cookie: S3cret");
    }

    @Test
    void aFindingHasWiresharksFrameNumber() throws Exception {
        var file = capture("/wrong", WRONG).toString();
        run(file);
        run("--output", "json", file);
        var page = folder.resolve("page.html");
        run("--report", page.toString(), file);
        assertThat(page)
                .content()
                .contains("error at byte 23 (frame 6), 51 (frame 6)")
                .contains("1 connection, 1 response, 1 with findings");
        assertThat(out.toString())
                .contains("duplicate-transfer-encoding (RFC 9112 §6.1) at byte 23, frame 6: ")
                .contains("\"frames\":[{\"offset\":23,\"frame\":6}");
    }

    @Test
    void sameFindingsOfAServerAndPathAreShownOnceWithACount() throws Exception {
        var next = "HTTP/1.1\r\nHost: a\r\n\r\nGET /wrong?";
        var file =
                capture("/wrong?1 " + next + "2 " + next + "3", WRONG.repeat(3)).toString();
        assertThat(run(file)).isEqualTo(Main.FOUND);
        assertThat(out.toString())
                .containsOnlyOnce("GET /wrong?1 → 200")
                .doesNotContain("GET /wrong?2")
                .contains("stream 0  GET /wrong?1: and 2 more the same: stream 0");
        assertThat(err.toString()).contains("3 with findings");
        var page = folder.resolve("page.html");
        run("--report", page.toString(), file);
        assertThat(page).content().contains("and 2 more the same: stream 0");
        run("--all", file);
        assertThat(out.toString()).contains("GET /wrong?2 → 200", "GET /wrong?3 → 200");
    }

    @Test
    void onlyTheConnectionsThatAreAskedForAreJudged() throws Exception {
        var file = capture("/wrong", WRONG).toString();
        for (var option : List.of("--stream=0", "--port=8080", "--host=127.0.0.1", "--since=0", "--until=9")) {
            assertThat(run(option, file)).as(option).isEqualTo(Main.FOUND);
        }
        for (var option :
                List.of("--stream=1", "--port=81", "--host=::1", "--since=99999", "--since=2099-01-01T00:00:00Z")) {
            err.getBuffer().setLength(0);
            assertThat(run(option, file)).as(option).isZero();
            assertThat(err.toString()).contains("no connection matches --port");
        }
        for (var option : List.of("--port=0", "--host=localhost", "--since=yesterday", "--stream=x")) {
            assertThat(run(option, file)).as(option).isEqualTo(Main.USAGE);
        }
    }

    @Test
    void nothingFromTheWireIsPrintedRaw() throws Exception {
        var file = capture("/" + HOSTILE, WRONG.replace("X: a", "X" + HOSTILE + ": " + HOSTILE));
        run(file.toString());
        run("--output", "json", file.toString());
        assertThat(out.toString() + err).doesNotContain("\u001b").contains("\\x1b[2J");
    }

    @Test
    void whatIsNoFieldLineIsShownAndMarkedToo() throws Exception {
        run(capture("/", "HTTP/1.1 200 OK\r\nX: a\r\nno colon here\r\nContent-Length: 0\r\n\r\n")
                .toString());
        assertThat(out.toString())
                .contains("       17  X: a\n  >     23  no colon here\n        38  Content-Length: 0\n")
                .containsOnlyOnce(">     23");
    }

    @Test
    void aLongValueFillsNoTerminal() throws Exception {
        run(capture("/", WRONG.replace("X: a", "X: " + "a".repeat(5_000))).toString());
        assertThat(out.toString().lines()).allMatch(line -> line.length() <= 120);
        assertThat(out.toString()).contains("       17  X: " + "a".repeat(97) + "…\n");
    }

    @Test
    void aFileThatIsNoCaptureIsOneSentenceAndTheOthersAreRead() throws Exception {
        var file = Files.writeString(folder.resolve("a.txt"), "20:00 IP a > b");
        assertThat(run(file.toString())).isEqualTo(Main.UNREAD);
        var clean = capture("/", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nOK");
        assertThat(run(file.toString(), clean.toString())).isEqualTo(Main.UNREAD);
        assertThat(err.toString())
                .contains("upstream-reset inspect: cannot read " + file + ": it is text; save packets with")
                .contains(clean + ": ");
    }

    @Test
    void aFileThatIsCutBeforeItsFirstPacketIsNotClean() throws Exception {
        var bytes = Files.readAllBytes(capture("/", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nOK"));
        assertThat(run(Arrays.copyOf(bytes, 20), "-")).isEqualTo(Main.UNREAD);
        assertThat(err.toString()).contains("upstream-reset inspect: stdin: the file ends within a block");
        assertThat(run(Arrays.copyOf(bytes, bytes.length - 1), "-"))
                .as("what followed is not known")
                .isEqualTo(Main.UNREAD);
    }

    @Test
    void anEnvoyThatIsNoneIsAUsageError() throws Exception {
        assertThat(run("--envoy-version", "banana", capture("/", WRONG).toString()))
                .isEqualTo(Main.USAGE);
        assertThat(err.toString()).contains("an Envoy version is three numbers like 1.40.0, not banana");
    }

    @Test
    void aLiveCaptureIsJudgedWhileItComes() throws Exception {
        var bytes = Files.readAllBytes(capture("/wrong", WRONG));
        var command = new InspectCommand();
        var inspecting = Thread.ofVirtual()
                .unstarted(() -> command.commandLine()
                        .setOut(new PrintWriter(new BufferedWriter(out)))
                        .setErr(new PrintWriter(err, true))
                        .setCaseInsensitiveEnumValuesAllowed(true)
                        .execute("-"));
        try (var sniffer = new PipedOutputStream()) {
            command.in = new PipedInputStream(sniffer, bytes.length);
            inspecting.start();
            sniffer.write(bytes);
            sniffer.flush();
            Awaitility.await().untilAsserted(() -> assertThat(out.toString()).contains("GET /wrong → 200"));
            assertThat(inspecting.isAlive()).isTrue();
        }
        assertThat(inspecting.join(Duration.ofMinutes(1))).isTrue();
        assertThat(err.toString()).contains("1 connection, 1 response, 1 with findings");
    }

    @Test
    void aPageThatCannotBeWrittenIsKnownBeforeTheCaptureIsRead() throws Exception {
        assertThat(run("--report", folder.resolve("no/page.html").toString(), "/nowhere.pcap"))
                .isNotEqualTo(Main.CLEAN);
        assertThat(err.toString()).contains("cannot write the page");
        assertThat(run("--report", folder.resolve("p.html").toString(), "a", "b"))
                .isEqualTo(Main.USAGE);
    }

    /** What was found is told by the exit code, whatever became of the page. */
    @Test
    @EnabledOnOs(OS.LINUX)
    void aPageThatIsLostOnAFullDiskChangesNoFinding() throws Exception {
        assertThat(run("--report", "/dev/full", capture("/", WRONG).toString())).isEqualTo(Main.FOUND);
        assertThat(err.toString()).contains("cannot write /dev/full: No space left on device");
        var clean =
                capture("/", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nOK").toString();
        assertThat(run("--report", "/dev/full", clean)).isEqualTo(Main.UNREAD);
    }

    private Path capture(String target, String response) throws Exception {
        var loopback = InetAddress.ofLiteral("127.0.0.1");
        var file = folder.resolve("one.pcapng");
        CaptureWriter.write(
                file,
                List.of(
                        new Opened(
                                0,
                                Instant.EPOCH,
                                new InetSocketAddress(loopback, 40_000),
                                new InetSocketAddress(loopback, 8080)),
                        new Data(
                                0,
                                Instant.EPOCH,
                                Direction.TO_SERVER,
                                Bytes.latin1("GET " + target + " HTTP/1.1\r\nHost: a\r\n\r\n")),
                        new Data(0, Instant.EPOCH, Direction.TO_CLIENT, Bytes.latin1(response)),
                        new Fin(0, Instant.EPOCH, Direction.TO_CLIENT),
                        new Fin(0, Instant.EPOCH, Direction.TO_SERVER)));
        return file;
    }

    private int run(String... args) {
        return run(new byte[0], args);
    }

    private int run(byte[] stdin, String... args) {
        var command = new InspectCommand();
        command.in = new ByteArrayInputStream(stdin);
        return command.commandLine()
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err, true))
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setParameterExceptionHandler(ErrorHandler::usage)
                .setExecutionExceptionHandler((e, _, _) -> {
                    err.append(e.getMessage());
                    return Main.UNREAD;
                })
                .execute(args);
    }
}
