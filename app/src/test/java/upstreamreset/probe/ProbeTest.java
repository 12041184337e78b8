// SPDX-License-Identifier: Apache-2.0
package upstreamreset.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static upstreamreset.probe.Probed.GET;
import static upstreamreset.probe.Probed.GOOD;
import static upstreamreset.probe.Probed.answered;
import static upstreamreset.probe.Probed.limits;
import static upstreamreset.probe.Probed.probe;
import static upstreamreset.probe.Probed.rules;
import static upstreamreset.probe.Probed.script;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import upstreamreset.http1.Rule;
import upstreamreset.scenario.WireScript;
import upstreamreset.scenario.WireStep;
import upstreamreset.verdict.Finding;
import upstreamreset.wire.Bytes;

class ProbeTest {
    private static final Duration HOUR = Duration.ofHours(1);

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

    /** The response ends with its connection; a proxy expects that. */
    @Test
    void aBodyThatNothingElseEndsIsAnnouncedToEndSo() throws IOException {
        var result = probe("HTTP/1.1 200 OK\r\nX: y\r\n\r\nhello", new WireStep.Close());

        assertThat(result.healthy()).isTrue();
        assertThat(answered(result).reuse()).isEqualTo(Reuse.ANNOUNCED_CLOSE);
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
    void aFaultOfTheCompressedAnswerIsFound() throws IOException {
        try (var server = new TextServer(request -> request.contains("gzip")
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
        try (var server = new TextServer(new Function<>() {
            private String last = "";

            @Override
            public String apply(String request) {
                // The second request on the same connection.
                boolean again = !last.isEmpty();
                last = again ? "" : request;
                return again ? "HTTP/1.1 200 OK\r\nX : y\r\nContent-Length: 0\r\n\r\n" : GOOD;
            }
        })) {
            var result = new Probe(GET, limits(1 << 20), "1.40.0").one(server.target());

            assertThat(ProbeSummary.words(result)).contains("as the second response on the connection");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "PRI * HTTP/2.0, 000000040000000000, SPEAKS_HTTP2",
        "'\u0016\u0003', 15030300020228, SPEAKS_TLS",
        "FTP, 00, NO_RESPONSE"
    })
    void aPortThatClosesWithoutAByteIsGreeted(String begin, String answer, Rule rule) throws IOException {
        try (var server = new TaciturnServer(Map.of(begin, answer))) {
            var result =
                    new Probe(GET, limits(1 << 20), "1.40.0").one(Target.parse("http://127.0.0.1:" + server.port()));

            assertThat(rules(result)).containsExactly(rule);
        }
    }

    /** Like hyper: it closes the connection on this one request, but speaks more than HTTP/2. */
    @ParameterizedTest
    @ValueSource(strings = {"GET\r\n\r\n", "OPTIONS *"})
    void aServerOfBothProtocolsThatClosesIsNotNamedByTheOther(String answered) throws IOException {
        var answers = Map.of("PRI * HTTP/2.0", "000000040000000000", answered, "485454502f312e3120343030200d0a0d0a");
        try (var server = new TaciturnServer(answers)) {
            var result =
                    new Probe(GET, limits(1 << 20), "1.40.0").one(Target.parse("http://127.0.0.1:" + server.port()));

            assertThat(rules(result)).containsExactly(Rule.NO_RESPONSE);
        }
    }

    @Test
    void whatIsNotSafeIsAskedOnce() throws IOException {
        var result = probe(script(GOOD), new ProbeRequest("POST", List.of(), Bytes.latin1("a=b")), 1 << 20);

        assertThat(answered(result).exchanges()).hasSize(1);
        assertThat(answered(result).reuse()).isEqualTo(Reuse.NOT_TRIED);
    }

    @Test
    void anAnswerThatComesBeforeTheRequestIsReadCounts() throws IOException {
        var refusal = "HTTP/1.1 413 Too Large\r\nConnection: close\r\nContent-Length: 2\r\n\r\nno";
        var script = new WireScript(
                WireScript.Protocol.HTTP_1,
                List.of(new WireStep.ReadHead(), new WireStep.Send(Bytes.latin1(refusal)), new WireStep.Pause(HOUR)));

        // More than the buffers of both sides hold: a client that reads only after writing all of it waits for ever.
        var result = probe(
                script,
                new ProbeRequest("GET", List.of(), Bytes.of(new byte[1 << 25])),
                new Limits(HOUR, 1 << 20, false));

        assertThat(answered(result).exchanges()).hasSize(1);
        assertThat(answered(result).exchanges().getFirst().response().status()).isEqualTo(413);
    }
}
