// SPDX-License-Identifier: Apache-2.0
package upstreamreset.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Element;
import upstreamreset.origin.RawOrigin;
import upstreamreset.scenario.WireScript;
import upstreamreset.scenario.WireStep;
import upstreamreset.testing.Cli;
import upstreamreset.testing.Golden;
import upstreamreset.wire.Bytes;

/** The command in this JVM against bytes that stay the same; what it prints is {@code probe/*.golden}. */
class ProbeCommandTest {
    private static final String WRONG = String.join(
            "\r\n",
            "HTTP/1.1 200 OK",
            "Transfer-Encoding: Chunked",
            "Transfer-Encoding: chunked",
            "X-\33[31m: y",
            "",
            "6",
            "Chunk\n",
            "0",
            "",
            "");

    @TempDir
    Path folder;

    @Test
    void aHealthyServerIsOneLineAndExitCode0() throws IOException {
        try (var origin = origin("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi")) {
            var result = Cli.run("probe", url(origin));

            assertThat(result.exitCode()).isEqualTo(Main.CLEAN);
            assertThat(result.output().lines())
                    .containsExactly(url(origin)
                            + ": Envoy 1.40.0 passes it; 200, content-length 2, 40 bytes; connection reused");
            assertThat(result.errors()).isEmpty();
        }
    }

    @Test
    void textIsTheGoldenFile() throws IOException {
        try (var origin = origin(WRONG)) {
            var result = Cli.run("probe", url(origin), "--timeout", "1");

            assertThat(result.exitCode()).isEqualTo(Main.FOUND);
            golden("wrong-text", origin, result.output());
        }
    }

    @Test
    void jsonIsTheGoldenFile() throws IOException {
        try (var origin = origin(WRONG)) {
            var result = Cli.run("probe", url(origin), "--output", "json");

            golden("wrong-json", origin, result.output());
        }
    }

    @Test
    void junitIsXmlWithATestCaseAUrl() throws Exception {
        var file = folder.resolve("probe.xml");
        try (var origin = origin(WRONG.replace("X-", "]]><&\"'\uffff\0-"))) {
            Cli.run(
                    "probe",
                    url(origin) + "?a=%3C&b='",
                    "http://[::1]:1/",
                    "--timeout",
                    "1",
                    "--junit",
                    file.toString());
        }

        var suite = DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(file.toFile())
                .getDocumentElement();
        var cases = suite.getElementsByTagName("testcase");
        assertThat(suite.getAttribute("tests") + suite.getAttribute("failures")).isEqualTo("22");
        assertThat(((Element) cases.item(0)).getAttribute("name")).endsWith("?a=%3C&b='");
        assertThat(((Element) cases.item(0)).getAttribute("time")).matches("\\d+\\.\\d{3}");
        assertThat(cases.item(0).getTextContent()).contains("duplicate-transfer-encoding", "]]><&\"'");
        assertThat(cases.item(1)
                        .getFirstChild()
                        .getNextSibling()
                        .getAttributes()
                        .item(0)
                        .getTextContent())
                .contains("refuses connections");
        assertThat(Files.readString(file)).doesNotContain("\33");
    }

    @Test
    void aJunitFileThatCannotBeWrittenIsToldBeforeAnybodyIsAsked() throws IOException {
        try (var origin = origin(WRONG)) {
            var result = Cli.run(
                    "probe",
                    url(origin),
                    "--junit",
                    folder.resolve("no/such/file").toString());

            assertThat(result.errors()).contains("name a file in a folder that exists");
            assertThat(origin.calls()).isZero();
        }
    }

    @Test
    void anAnnotationIsOneLineWhateverTheResponseSays() throws IOException {
        try (var origin = origin("HTTP/1.1 200 OK\r\nX Y%0A::error::,y: z\r\nContent-Length: 0\r\n\r\n");
                var good = origin("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")) {
            var result = Cli.run("probe", "--output", "github", url(origin) + "?a=%0A", url(good), "127.0.0.1:1");

            assertThat(result.exitCode()).isEqualTo(Main.FOUND);
            assertThat(result.output().lines().toList())
                    .satisfiesExactly(
                            line -> assertThat(line)
                                    .startsWith("::error title=upstream-reset probe%3A Envoy::" + url(origin)
                                            + "?a=%250A: ")
                                    .contains("invalid-field-name", "X Y%250A", "%0A  cause: "),
                            line -> assertThat(line).startsWith(url(good) + ": Envoy 1.40.0 passes it"),
                            line -> assertThat(line).startsWith("::error ").contains("refuses connections"));
        }
    }

    @Test
    void aFileIsTheBodyAsCurlMakesItAndAListOfUrls() throws IOException {
        var body = Files.writeString(folder.resolve("body"), "a=b&\r\nc=d\n");
        var asked = new ArrayList<String>();
        try (var server = new RequestServer(asked)) {
            var list = Files.writeString(
                    folder.resolve("urls"), "\uFEFF# mine\n\n" + server.url() + "\r\n" + server.url() + "\n");

            var result = Cli.run(
                    "probe", "--url-file", list.toString(), "-d", "@" + body, "-d", "e=@f", "--user", "me:secret");

            assertThat(result.exitCode()).as(result.errors()).isEqualTo(Main.CLEAN);
            assertThat(asked).hasSize(2);
            assertThat(asked.getFirst())
                    .startsWith("POST /x HTTP/1.1\n")
                    .contains(
                            "Authorization: Basic bWU6c2VjcmV0\n", "Content-Type: application/x-www-form-urlencoded\n")
                    .endsWith("Content-Length: 12\n\na=b&c=d&e=@f");
        }
    }

    @Test
    void aFileThatIsNotThereIsASentence() {
        var body = Cli.run("probe", "http://x", "-d", "@/no/such");
        var urls = Cli.run("probe", "--url-file", "/no/such");

        assertThat(body.exitCode()).isEqualTo(Main.UNREAD);
        assertThat(body.errors()).isEqualTo("upstream-reset probe: --data: there is no file /no/such\n");
        assertThat(urls.exitCode()).isEqualTo(Main.UNREAD);
    }

    @Test
    void aFolderInTheFilesPlaceIsASentence() {
        var body = Cli.run("probe", "http://x", "-d", "@" + folder);
        var urls = Cli.run("probe", "--url-file", folder.toString());

        assertThat(body.exitCode()).isEqualTo(Main.UNREAD);
        assertThat(body.errors()).isEqualTo("upstream-reset probe: --data: " + folder + " is a folder\n");
        assertThat(urls.exitCode()).isEqualTo(Main.UNREAD);
        assertThat(urls.errors()).isEqualTo("upstream-reset probe: --url-file: " + folder + " is a folder\n");
    }

    @Test
    void theFindingStandsInTheFirstLinesHoweverLongTheHead() throws IOException {
        var fields = "X-A: b\r\n".repeat(90);
        try (var origin = origin("HTTP/1.1 200 OK\r\n" + fields + "X Y: z\r\nContent-Length: 0\r\n\r\n")) {
            var result = Cli.run("probe", url(origin));

            assertThat(result.output().lines().limit(40).toList())
                    .anyMatch(line -> line.contains("error invalid-field-name"))
                    .anyMatch(line -> line.equals("  >   737  X Y: z"));
        }
    }

    @Test
    void oneBadUrlOfSeveralSpoilsNoOther() throws IOException {
        try (var origin = origin("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi")) {
            var result = Cli.run("probe", url(origin), "nobody.invalid", "https://127.0.0.1:1/", url(origin));

            assertThat(result.exitCode()).isEqualTo(Main.UNREAD);
            assertThat(result.output().lines().toList())
                    .satisfiesExactly(
                            line -> assertThat(line).contains(" 200, "),
                            line -> assertThat(line).contains("does not resolve"),
                            line -> assertThat(line).contains("refuses connections"),
                            line -> assertThat(line).contains(" 200, "));
        }
    }

    @Test
    void whatCannotBeAskedIsAUsageError() {
        for (var arguments : List.of(
                List.of("ftp://x"),
                List.of("http://x", "-H", "X: a\r\nY: b"),
                List.of("http://x/\33[31m\u009b31m\u202e"),
                List.of("http://x", "-X", "G T"),
                List.of("http://x", "--timeout", "0"),
                List.of("http://x", "--wait", "soon"),
                List.of("http://x", "--user", "me"),
                List.<String>of(),
                List.of("--url-file", "-", "-d", "@-"),
                List.of("http://x", "--envoy-version", "newest"))) {
            var words = new ArrayList<>(List.of("probe"));
            words.addAll(arguments);

            var result = Cli.run(words.toArray(new String[0]));

            assertThat(result.exitCode()).as("%s", arguments).isEqualTo(Main.USAGE);
            assertThat(result.errors())
                    .contains("Try 'upstream-reset probe --help'")
                    .doesNotContain("\tat ")
                    .doesNotContainPattern("[\\p{gc=Cc}\\p{gc=Cf}&&[^\n]]");
        }
    }

    /** Answers 200 and keeps what it was asked. */
    private record RequestServer(ServerSocket listener) implements AutoCloseable {
        RequestServer(List<String> asked) throws IOException {
            this(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()));
            Thread.ofVirtual().start(() -> {
                while (true) {
                    try (var socket = listener.accept()) {
                        var in = socket.getInputStream();
                        var text = new StringBuilder();
                        while (!text.toString().contains("e=@f")) {
                            text.append((char) in.read());
                        }
                        asked.add(text.toString().replace("\r", ""));
                        socket.getOutputStream()
                                .write("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
                                        .getBytes(StandardCharsets.US_ASCII));
                    } catch (IOException e) {
                        return;
                    }
                }
            });
        }

        String url() {
            return "http://127.0.0.1:" + listener.getLocalPort() + "/x";
        }

        @Override
        public void close() throws IOException {
            listener.close();
        }
    }

    private static void golden(String name, RawOrigin origin, String output) throws IOException {
        var stable =
                output.replace(":" + origin.address().getPort(), ":PORT").replaceAll("\"millis\":\\d+", "\"millis\":0");
        Golden.holds("probe/" + name, stable);
    }

    /** Answers every request so. */
    static RawOrigin origin(String response) throws IOException {
        return RawOrigin.play(new WireScript(
                WireScript.Protocol.HTTP_1,
                List.of(new WireStep.ReadRequest(), new WireStep.Send(Bytes.latin1(response)))));
    }

    static String url(RawOrigin origin) {
        return "http://127.0.0.1:" + origin.address().getPort() + "/x";
    }
}
