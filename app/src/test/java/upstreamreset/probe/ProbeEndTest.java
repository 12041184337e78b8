// SPDX-License-Identifier: Apache-2.0
package upstreamreset.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static upstreamreset.probe.Probed.GET;
import static upstreamreset.probe.Probed.answered;
import static upstreamreset.probe.Probed.probe;
import static upstreamreset.probe.Probed.rules;
import static upstreamreset.probe.Probed.script;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import upstreamreset.http1.Rule;
import upstreamreset.origin.RawOrigin;
import upstreamreset.scenario.WireScript;
import upstreamreset.scenario.WireStep;
import upstreamreset.wire.Bytes;

/** How long the probe waits, and how it judges a response without an end. */
class ProbeEndTest {
    /** For what never comes. */
    private static final Duration SHORT = Duration.ofMillis(500);

    /** Long enough for a busy machine to send what comes before the time is up. */
    private static final Duration ENOUGH = Duration.ofSeconds(1);

    /** A pause ends in the middle of the more time, which is as long as the time. */
    private static final Duration BEFORE_PAUSE = Duration.ofSeconds(2);

    private static final Duration PAUSE = Duration.ofSeconds(3);
    private static final Duration HOUR = Duration.ofHours(1);

    @Test
    void aServerThatNeverAnswersCostsTheTimeoutAndNoMore() throws IOException {
        var silent =
                new WireScript(WireScript.Protocol.HTTP_1, List.of(new WireStep.ReadRequest(), new WireStep.Stall()));

        var result = probe(SHORT, silent);

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

        var result = probe(ENOUGH, new WireScript(WireScript.Protocol.HTTP_1, steps));

        assertThat(result.healthy()).isTrue();
        assertThat(ProbeSummary.words(result))
                .matches("Envoy 1.40.0 passes it; 200, chunked in \\d+, \\d+ bytes;"
                        + " note: still sending after 1s: the head and \\d+ chunks are fine");
    }

    /** The body pauses when the time is up; its next chunk shows that it is a stream. */
    @Test
    void aStreamThatPausesIsWaitedForOnceMore() throws IOException {
        var pauses = new WireScript(
                WireScript.Protocol.HTTP_1,
                List.of(
                        new WireStep.ReadRequest(),
                        new WireStep.Send(
                                Bytes.latin1("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n")),
                        new WireStep.Pause(PAUSE),
                        new WireStep.Send(Bytes.latin1("2\r\nhi\r\n")),
                        new WireStep.Stall()));

        var result = probe(BEFORE_PAUSE, pauses);

        assertThat(result.healthy()).isTrue();
        assertThat(answered(result).reuse()).isEqualTo(Reuse.NOT_TRIED);
        assertThat(ProbeSummary.words(result)).contains("note: still sending after", "the head and 2 chunks are fine");
    }

    @Test
    void aPausedBodyThatEndsInTheMoreTimeIsWhole() throws IOException {
        var pauses = new WireScript(
                WireScript.Protocol.HTTP_1,
                List.of(
                        new WireStep.ReadRequest(),
                        new WireStep.Send(Bytes.latin1("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nhi")),
                        new WireStep.Pause(PAUSE),
                        new WireStep.Send(Bytes.latin1("hi")),
                        new WireStep.Stall()));

        var result = probe(BEFORE_PAUSE, pauses);

        assertThat(result.healthy()).isTrue();
        assertThat(ProbeSummary.words(result))
                .isEqualTo("Envoy 1.40.0 passes it; 200, content-length 4, 42 bytes; connection not reused");
    }

    /** Missing bytes prove nothing: neither that the response is healthy nor that it never ends. */
    @ParameterizedTest
    @ValueSource(strings = {"", "HTTP/1.1 102 Processing\r\n\r\n"})
    void aHeadThatIsStillComingIsNoAnswerYet(String before) throws IOException {
        var steps = new ArrayList<WireStep>(List.of(new WireStep.ReadRequest()));
        for (char c : (before.repeat(3) + "HTTP/1.1 200 OK\r\nX-Long: " + "y".repeat(200)).toCharArray()) {
            steps.add(new WireStep.Send(Bytes.latin1(String.valueOf(c))));
            steps.add(new WireStep.Pause(Duration.ofMillis(10)));
        }

        var result = probe(ENOUGH, new WireScript(WireScript.Protocol.HTTP_1, steps));

        assertThat(result).isInstanceOf(ProbeResult.Unreachable.class);
        assertThat(ProbeSummary.words(result))
                .startsWith("the head of the response was still coming after 1s")
                .endsWith("ask with a longer --timeout");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "text/event-stream",
                "application/x-ndjson; charset=utf-8",
                "multipart/x-mixed-replace; boundary=x"
            })
    void anEventStreamMayHaveNoEventYet(String type) throws IOException {
        var head = "HTTP/1.1 200 OK\r\nContent-Type: " + type + "\r\nTransfer-Encoding: chunked\r\n\r\n";

        var result = probe(ENOUGH, head, new WireStep.Stall());

        assertThat(result.healthy()).isTrue();
        assertThat(ProbeSummary.words(result))
                .endsWith("note: no event yet after 1s: the head and 0 bytes of body are fine");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Content-Length: 9", "Transfer-Encoding: chunked", "X: y"})
    void aBodyThatStopsBeforeItsEndNeverEnds(String framing) throws IOException {
        var result = probe(ENOUGH, "HTTP/1.1 200 OK\r\n" + framing + "\r\n\r\n2\r\nhi\r\n", new WireStep.Stall());

        assertThat(result.healthy()).isFalse();
        assertThat(rules(result)).containsExactly(Rule.NEVER_ENDS);
        // A busy machine wakes a thread late.
        assertThat(ProbeSummary.words(result)).containsPattern("then nothing for [1-9][0-9.]*s$");
    }

    /** Their length or coding is unreadable; the missing end only follows from it. */
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

        var result = probe(
                ENOUGH, "HTTP/1.1 200 OK\r\n" + lineAndRule.substring(0, split) + "\r\n\r\nhi", new WireStep.Stall());

        assertThat(rules(result)).containsExactly(Rule.valueOf(lineAndRule.substring(split + 1)));
    }

    @Test
    void aServerThatAnswersForeverIsLeft() throws IOException {
        var steps = new ArrayList<WireStep>(List.of(new WireStep.ReadRequest()));
        steps.add(new WireStep.Send(Bytes.latin1("HTTP/1.1 200 OK\r\n\r\n" + "x".repeat(200_000))));
        steps.add(new WireStep.Stall());

        var result = probe(new WireScript(WireScript.Protocol.HTTP_1, steps), GET, 100_000);

        assertThat(result.healthy()).isTrue();
        assertThat(answered(result).exchanges().getFirst().streaming()).isTrue();
    }

    @Test
    void whatIsBrokenIsNotWaitedFor() throws IOException {
        // With this timeout, a probe that waits for the end of an endless body does not return.
        try (var origin = RawOrigin.play(script("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n"))) {
            var target = Target.parse("127.0.0.1:" + origin.address().getPort());

            var result = new Probe(GET, new Limits(HOUR, 1 << 20, false), "1.40.0").one(target);

            assertThat(rules(result)).containsExactly(Rule.INVALID_CHUNK_SIZE);
        }
    }

    private static String text(ProbeResult result) {
        var text = new StringWriter();
        new ProbeText(new PrintWriter(text, true)).print(result);
        return text.toString();
    }
}
