// SPDX-License-Identifier: Apache-2.0
package upstreamreset.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import upstreamreset.http1.Rule;
import upstreamreset.origin.RawOrigin;
import upstreamreset.scenario.Source;
import upstreamreset.scenario.WireScript;
import upstreamreset.scenario.WireStep;
import upstreamreset.verdict.Finding;
import upstreamreset.wire.Bytes;

class ProbeTest {
    private static final Duration HOUR = Duration.ofHours(1);
    private static final ProbeRequest GET = new ProbeRequest("GET", List.of(), Bytes.EMPTY);
    private static final String GOOD = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";

    @Test
    void aHealthyServerIsAskedTwiceOnOneConnection() throws IOException {
        var result = probe(GOOD);

        assertThat(result.healthy()).isTrue();
        assertThat(answered(result).exchanges()).hasSize(2);
        assertThat(answered(result).reuse()).isEqualTo(Reuse.REUSED);
    }

    @Test
    void aServerThatClosesUnannouncedIsNamed() throws IOException {
        var result = probe(GOOD, new WireStep.Close());

        assertThat(answered(result).reuse()).isEqualTo(Reuse.SILENT_CLOSE);
    }

    @Test
    void aServerThatClosesTooEarlyHasAnnouncedNothing() throws IOException {
        var result = probe("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhello", new WireStep.Close());

        assertThat(answered(result).reuse()).isEqualTo(Reuse.CLOSED_EARLY);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SSH-2.0-x\r\n|SPEAKS_SSH",
                "\25\3\1\0\2\2\50|SPEAKS_TLS",
                "\0\0\22\4\0\0\0\0\0|SPEAKS_HTTP2",
                "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhello|CUT_IN_BODY",
                "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhello|BYTES_AFTER_END",
                "HTTP/1.1 200 OK\r\nX : y\r\nContent-Length: 0\r\n\r\n|SPACE_BEFORE_COLON"
            })
    void whatIsWrongIsNamed(String responseAndRule) throws IOException {
        int split = responseAndRule.lastIndexOf('|');

        var result = probe(responseAndRule.substring(0, split), new WireStep.Close());

        assertThat(result.healthy()).isFalse();
        assertThat(rules(result)).contains(Rule.valueOf(responseAndRule.substring(split + 1)));
    }

    @Test
    void aServerThatNeverAnswersCostsTheTimeoutAndNoMore() throws IOException {
        var silent =
                new WireScript(WireScript.Protocol.HTTP_1, List.of(new WireStep.ReadRequest(), new WireStep.Stall()));

        var result = probe(silent, new ProbeRequest("GET", List.of(), Bytes.EMPTY), 1 << 20);

        assertThat(rules(result)).containsExactly(Rule.SILENCE);
        assertThat(ProbeSummary.words(result))
                .isEqualTo("Envoy 1.40.0 waits for an answer (silence); not one byte within 500ms");
        assertThat(text(result)).doesNotContain("keep-alive");
    }

    @Test
    void aStreamThatStillSendsIsFine() throws IOException {
        var steps = new ArrayList<WireStep>(List.of(new WireStep.ReadRequest()));
        steps.add(new WireStep.Send(Bytes.latin1("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")));
        for (int i = 0; i < 100; i++) {
            steps.add(new WireStep.Send(Bytes.latin1("2\r\nhi\r\n")));
            steps.add(new WireStep.Pause(Duration.ofMillis(100)));
        }

        var result = probe(new WireScript(WireScript.Protocol.HTTP_1, steps), GET, 1 << 20);

        assertThat(result.healthy()).isTrue();
        assertThat(ProbeSummary.words(result))
                .matches("Envoy 1.40.0 passes it; 200, chunked in \\d, \\d+ bytes;"
                        + " note: still sending after 500ms: the head and \\d chunks are fine");
    }

    @Test
    void anEventStreamMayHaveNoEventYet() throws IOException {
        var head = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n";

        var result = probe(head, new WireStep.Stall());

        assertThat(result.healthy()).isTrue();
        assertThat(ProbeSummary.words(result))
                .endsWith("note: no event yet after 500ms: the head and 0 bytes of body are fine");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Content-Length: 9", "Transfer-Encoding: chunked", "X: y"})
    void aBodyThatStopsBeforeItsEndNeverEnds(String framing) throws IOException {
        var result = probe("HTTP/1.1 200 OK\r\n" + framing + "\r\n\r\n2\r\nhi\r\n", new WireStep.Stall());

        assertThat(result.healthy()).isFalse();
        assertThat(rules(result)).containsExactly(Rule.NEVER_ENDS);
        assertThat(ProbeSummary.words(result)).endsWith("then nothing for 500ms");
    }

    /** Their length or coding stands in what cannot be read: that no end is found follows from it. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "Content-Length 2|MISSING_COLON",
                "Content-Length : 2|SPACE_BEFORE_COLON",
                "Content-Length: two|INVALID_CONTENT_LENGTH",
                "Transfer-Encoding: gzip|UNSUPPORTED_TRANSFER_ENCODING",
                "Transfer-Encoding:|EMPTY_TRANSFER_ENCODING"
            })
    void anEndThatDoesNotComeIsNoFindingBehindAFramingThatCannotBeRead(String lineAndRule) throws IOException {
        int split = lineAndRule.lastIndexOf('|');

        var result =
                probe("HTTP/1.1 200 OK\r\n" + lineAndRule.substring(0, split) + "\r\n\r\nhi", new WireStep.Stall());

        assertThat(rules(result)).containsExactly(Rule.valueOf(lineAndRule.substring(split + 1)));
    }

    @Test
    void aFaultOfTheCompressedAnswerIsFound() throws IOException {
        try (var server = new Server(request -> request.contains("gzip")
                ? "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
                : GOOD)) {
            var result = new Probe(GET, limits(1 << 20), "1.40.0").one(server.target());

            assertThat(result.healthy()).isFalse();
            assertThat(answered(result).judged().getLast().findings())
                    .extracting(Finding::rule)
                    .contains(Rule.TRANSFER_ENCODING_AND_CONTENT_LENGTH);
            assertThat(ProbeSummary.words(result))
                    .startsWith("Envoy 1.40.0 answers 502 UPE instead (transfer-encoding-and-content-length);"
                            + " asked with Accept-Encoding: gzip, deflate, br; 200, content-length 5");
        }
    }

    @Test
    void aFaultOfTheSecondAnswerIsNotThatItIsCompressed() throws IOException {
        try (var server = new Server(new Function<>() {
            private String last = "";

            @Override
            public String apply(String request) {
                // The same connection, asked again.
                boolean again = !last.isEmpty();
                last = again ? "" : request;
                return again ? "HTTP/1.1 200 OK\r\nX : y\r\nContent-Length: 0\r\n\r\n" : GOOD;
            }
        })) {
            var result = new Probe(GET, limits(1 << 20), "1.40.0").one(server.target());

            assertThat(ProbeSummary.words(result)).contains("as the second response on the connection");
        }
    }

    @Test
    void aServerThatStartsIsWaitedFor() throws IOException {
        int port;
        try (var reserved = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
            port = reserved.getLocalPort();
        }
        var target = Target.parse("http://127.0.0.1:" + port);
        var waiting = CompletableFuture.supplyAsync(
                () -> new Probe(GET, limits(1 << 20).waiting(HOUR), "1.40.0").one(target));
        assertThat(new Probe(GET, limits(1 << 20), "1.40.0").one(target)).isInstanceOf(ProbeResult.Unreachable.class);

        try (var server = new Server(port, _ -> GOOD)) {
            assertThat(waiting.join().healthy()).isTrue();
            assertThat(server.target()).isEqualTo(target);
        }
    }

    @Test
    void aServerThatAnswersForeverIsLeft() throws IOException {
        var steps = new ArrayList<WireStep>(List.of(new WireStep.ReadRequest()));
        steps.add(new WireStep.Send(Bytes.latin1("HTTP/1.1 200 OK\r\n\r\n" + "x".repeat(200_000))));
        steps.add(new WireStep.Stall());

        var result = probe(
                new WireScript(WireScript.Protocol.HTTP_1, steps),
                new ProbeRequest("GET", List.of(), Bytes.EMPTY),
                100_000);

        assertThat(result.healthy()).isTrue();
        assertThat(answered(result).exchanges().getFirst().streaming()).isTrue();
    }

    @Test
    void whatIsNotSafeIsAskedOnce() throws IOException {
        var result = probe(script(GOOD), new ProbeRequest("POST", List.of(), Bytes.latin1("a=b")), 1 << 20);

        assertThat(answered(result).exchanges()).hasSize(1);
        assertThat(answered(result).reuse()).isEqualTo(Reuse.NOT_TRIED);
    }

    @Test
    void nobodyThereIsASentence() throws IOException {
        try (var origin = RawOrigin.of(new Source.Nobody())) {
            var target = Target.parse("127.0.0.1:" + origin.address().getPort());

            assertThat(new Probe(new ProbeRequest("GET", List.of(), Bytes.EMPTY), limits(1 << 20), "1.40.0")
                            .one(target))
                    .isInstanceOfSatisfying(
                            ProbeResult.Unreachable.class,
                            nobody -> assertThat(nobody.reason())
                                    .isEqualTo("127.0.0.1 refuses connections to port "
                                            + origin.address().getPort() + "; does anything listen there?"));
        }
    }

    @Test
    void aNameThatDoesNotResolveIsASentence() {
        var result = new Probe(new ProbeRequest("GET", List.of(), Bytes.EMPTY), limits(1 << 20), "1.40.0")
                .one(Target.parse("nobody.invalid"));

        assertThat(((ProbeResult.Unreachable) result).reason())
                .isEqualTo("the name nobody.invalid does not resolve; is it right, and known where probe runs?");
    }

    @Test
    void anAnswerThatComesBeforeTheRequestIsReadCounts() throws IOException {
        var refusal = "HTTP/1.1 413 Too Large\r\nConnection: close\r\nContent-Length: 2\r\n\r\nno";
        var script = new WireScript(
                WireScript.Protocol.HTTP_1,
                List.of(new WireStep.ReadHead(), new WireStep.Send(Bytes.latin1(refusal)), new WireStep.Pause(HOUR)));

        // More than the buffers of both sides hold: who writes all of it first waits for ever.
        var result = probe(
                script,
                new ProbeRequest("GET", List.of(), Bytes.of(new byte[1 << 25])),
                new Limits(HOUR, 1 << 20, false));

        assertThat(answered(result).exchanges()).hasSize(1);
        assertThat(answered(result).exchanges().getFirst().response().status()).isEqualTo(413);
    }

    /** Elsewhere 127.0.0.9 is no address of the machine. */
    @EnabledOnOs(OS.LINUX)
    @Test
    void theFirstAddressOfAHostThatTakesUsIsAsked() throws IOException {
        try (var server = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
            var addresses = new InetAddress[] {InetAddress.ofLiteral("127.0.0.9"), InetAddress.ofLiteral("127.0.0.1")};

            try (var socket = ProbeConnection.connect(addresses, server.getLocalPort(), Duration.ofSeconds(5))) {
                assertThat(socket.getInetAddress()).isEqualTo(addresses[1]);
            }
            assertThatThrownBy(() -> ProbeConnection.connect(
                            new InetAddress[] {addresses[0], addresses[0]},
                            server.getLocalPort(),
                            Duration.ofSeconds(5)))
                    .hasMessageContaining("refused");
        }
    }

    @Test
    void whatIsBrokenIsNotWaitedFor() throws IOException {
        // With this timeout, who waits for the end of a body that has none does not come back.
        try (var origin = RawOrigin.play(script("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n"))) {
            var target = Target.parse("127.0.0.1:" + origin.address().getPort());

            var result = new Probe(
                            new ProbeRequest("GET", List.of(), Bytes.EMPTY), new Limits(HOUR, 1 << 20, false), "1.40.0")
                    .one(target);

            assertThat(rules(result)).containsExactly(Rule.INVALID_CHUNK_SIZE);
        }
    }

    @Test
    void tlsToAPortThatSpeaksPlainTextIsToldApart() throws IOException {
        try (var origin = RawOrigin.play(new WireScript(
                WireScript.Protocol.HTTP_1,
                List.of(
                        new WireStep.ReadHead(),
                        new WireStep.Send(Bytes.latin1("HTTP/1.1 400 Bad Request\r\n\r\n")),
                        new WireStep.Close())))) {
            var result = new Probe(new ProbeRequest("GET", List.of(), Bytes.EMPTY), limits(1 << 20), "1.40.0")
                    .one(Target.parse("https://127.0.0.1:" + origin.address().getPort()));

            assertThat(((ProbeResult.Unreachable) result).reason()).startsWith("TLS with https://127.0.0.1");
        }
    }

    @Test
    void aFieldThatWouldSplitTheRequestIsRefused() {
        assertThatThrownBy(() -> new ProbeRequest("GET", List.of("X: a\r\nY: b"), Bytes.EMPTY))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("X: a\\r\\nY: b");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"ftp://x/", "http://", "http://a b/", "http://[fe80::1%lo]/", "http://x:0/", "http://x:99999/"})
    void aUrlThatCannotBeAskedIsRefused(String url) {
        assertThatThrownBy(() -> Target.parse(url))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(url);
    }

    @Test
    void aPasswordIsNotRepeated() {
        assertThatThrownBy(() -> Target.parse("http://u:sEcret@x/"))
                .hasMessageContaining("'http://***@x/' has a user name")
                .hasMessageNotContaining("sEcret");
    }

    @ParameterizedTest
    @CsvSource({
        "http://my_service:8080/a, my_service, 8080",
        "höst.example, xn--hst-sna.example, 80",
        "https://höst.example:8443/ä, xn--hst-sna.example, 8443",
        "http://[::1]:99/, ::1, 99",
        "http://x:/, x, 80"
    })
    void aHostIsWhatPeopleCallOne(String url, String host, int port) {
        assertThat(Target.parse(url).host()).isEqualTo(host);
        assertThat(Target.parse(url).port()).isEqualTo(port);
    }

    private static ProbeResult probe(String response, WireStep... last) throws IOException {
        return probe(script(response, last), new ProbeRequest("GET", List.of(), Bytes.EMPTY), 1 << 20);
    }

    private static ProbeResult probe(WireScript script, ProbeRequest request, long bytes) throws IOException {
        return probe(script, request, limits(bytes));
    }

    private static ProbeResult probe(WireScript script, ProbeRequest request, Limits limits) throws IOException {
        try (var origin = RawOrigin.play(script)) {
            var target = Target.parse("http://127.0.0.1:" + origin.address().getPort() + "/x?y=z");
            return new Probe(request, limits, "1.40.0").one(target);
        }
    }

    private static WireScript script(String response, WireStep... last) {
        var steps = new ArrayList<WireStep>();
        steps.add(new WireStep.ReadRequest());
        steps.add(new WireStep.Send(Bytes.latin1(response)));
        steps.addAll(List.of(last));
        return new WireScript(WireScript.Protocol.HTTP_1, steps);
    }

    private static String text(ProbeResult result) {
        var text = new StringWriter();
        new ProbeText(new PrintWriter(text, true)).print(result);
        return text.toString();
    }

    /** Answers every request by its text. */
    private record Server(ServerSocket listener) implements AutoCloseable {
        Server(Function<String, String> answer) throws IOException {
            this(0, answer);
        }

        Server(int port, Function<String, String> answer) throws IOException {
            this(new ServerSocket(port, 50, InetAddress.ofLiteral("127.0.0.1")));
            Thread.ofVirtual().start(() -> {
                while (!listener.isClosed()) {
                    try {
                        var socket = listener.accept();
                        Thread.ofVirtual().start(() -> serve(socket, answer));
                    } catch (IOException e) {
                        return;
                    }
                }
            });
        }

        private static void serve(Socket socket, Function<String, String> answer) {
            try (socket) {
                var in =
                        new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
                var request = new StringBuilder();
                for (var line = in.readLine(); line != null; line = in.readLine()) {
                    request.append(line).append('\n');
                    if (line.isEmpty()) {
                        socket.getOutputStream()
                                .write(answer.apply(request.toString()).getBytes(StandardCharsets.ISO_8859_1));
                        request.setLength(0);
                    }
                }
            } catch (IOException e) {
                // the probe has gone
            }
        }

        Target target() {
            return Target.parse("http://127.0.0.1:" + listener.getLocalPort());
        }

        @Override
        public void close() throws IOException {
            listener.close();
        }
    }

    private static Limits limits(long bytes) {
        return new Limits(Duration.ofMillis(500), bytes, false);
    }

    private static ProbeResult.Answered answered(ProbeResult result) {
        return (ProbeResult.Answered) result;
    }

    private static List<Rule> rules(ProbeResult result) {
        return answered(result).judged().getFirst().findings().stream()
                .map(Finding::rule)
                .toList();
    }
}
