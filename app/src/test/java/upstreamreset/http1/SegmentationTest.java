// SPDX-License-Identifier: Apache-2.0
package upstreamreset.http1;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import upstreamreset.codec.EnvoyCodec;
import upstreamreset.verdict.Outcome;
import upstreamreset.verdict.Verdict;

/** Every fixture whole, one byte at a time, in random segments, and cut at every offset. */
class SegmentationTest {
    private static final int KEEP = 1 << 16;
    private static final List<RequestContext> ASKED = List.of(
            RequestContext.of("GET"),
            RequestContext.of("HEAD"),
            RequestContext.of("CONNECT"),
            new RequestContext("GET", true));

    @ParameterizedTest
    @FieldSource("upstreamreset.http1.Fixtures#ALL")
    void anySegmentationGivesTheSameReport(String fixture) {
        var bytes = fixture.getBytes(StandardCharsets.ISO_8859_1);
        var random = new Random(1);

        for (var method : new String[] {"GET", "HEAD", "CONNECT"}) {
            for (var end : CloseReason.values()) {
                var whole = read(method, bytes, end, bytes.length);

                assertThat(read(method, bytes, end, 1)).isEqualTo(whole);
                for (int i = 0; i < 5; i++) {
                    assertThat(read(method, bytes, end, 1 + random.nextInt(7))).isEqualTo(whole);
                }
            }
        }
    }

    @ParameterizedTest
    @FieldSource("upstreamreset.http1.Fixtures#ALL")
    void twoSegmentsGiveTheSameReportWhereverTheyMeet(String fixture) {
        var bytes = fixture.getBytes(StandardCharsets.ISO_8859_1);
        var whole = read("GET", bytes, CloseReason.FIN, bytes.length);

        for (int cut = 1; cut < bytes.length; cut++) {
            var reader = new ResponseReader("GET", KEEP);
            FuzzTarget.feed(reader, bytes, 0, cut);
            FuzzTarget.feed(reader, bytes, cut, bytes.length - cut);

            assertThat(reader.finish(CloseReason.FIN)).as("met at %d", cut).isEqualTo(whole);
        }
    }

    @ParameterizedTest
    @FieldSource("upstreamreset.http1.Fixtures#ALL")
    void aCutAtAnyOffsetIsAResult(String fixture) {
        var bytes = fixture.getBytes(StandardCharsets.ISO_8859_1);

        for (int cut = 0; cut < bytes.length; cut++) {
            var codec = new EnvoyCodec("1.40.0", "GET");
            codec.dispatch(bytes, 0, cut);
            // Left open is asked first: it changes nothing in the codec.
            for (var end : List.of(CloseReason.OPEN, CloseReason.LEFT, CloseReason.FIN, CloseReason.RST)) {
                var reader = new ResponseReader("GET", KEEP);
                FuzzTarget.feed(reader, bytes, 0, cut);
                var report = reader.finish(end);

                assertThat(report.end()).isLessThanOrEqualTo(cut);
                assertThat(report.complete() || report.ending() == Completeness.UNREADABLE || end == CloseReason.LEFT)
                        .as("no violation, cut at %d, %s", cut, end)
                        .isEqualTo(report.violations().stream().noneMatch(SegmentationTest::tellsOfTheCut));
                assertThat(codec.verdict(end).outcome() == Outcome.HANGS && end.bySender())
                        .as("hangs, cut at %d, %s", cut, end)
                        .isFalse();
            }
        }
    }

    private static boolean tellsOfTheCut(Violation violation) {
        return switch (violation.rule()) {
            case NO_RESPONSE, INTERIM_ONLY, CUT_IN_HEAD, CUT_IN_BODY, NEVER_ENDS -> true;
            default -> false;
        };
    }

    @ParameterizedTest
    @FieldSource("upstreamreset.http1.Fixtures#ALL")
    void whatTheModelReadsInSegmentsIsWhatItReadsWhole(String fixture) {
        var bytes = fixture.getBytes(StandardCharsets.ISO_8859_1);

        for (var asked : ASKED) {
            for (var end : CloseReason.values()) {
                var whole = judge(asked, bytes, end, Math.max(1, bytes.length));

                for (int step = 1; step < 8; step++) {
                    assertThat(same(judge(asked, bytes, end, step), whole))
                            .as("%s, %s, segments of %d, whole %s", asked, end, step, whole)
                            .isTrue();
                }
            }
        }
    }

    @ParameterizedTest
    @FieldSource("upstreamreset.http1.Fixtures#ALL")
    void theModelDoesNotMindWhereTwoSegmentsMeet(String fixture) {
        var bytes = fixture.getBytes(StandardCharsets.ISO_8859_1);
        var whole = judge(RequestContext.of("GET"), bytes, CloseReason.FIN, Math.max(1, bytes.length));

        for (int cut = 1; cut < bytes.length; cut++) {
            var codec = new EnvoyCodec("1.40.0", "GET");
            codec.dispatch(bytes, 0, cut);
            codec.dispatch(bytes, cut, bytes.length - cut);

            assertThat(same(codec.verdict(CloseReason.FIN), whole))
                    .as("met at %d, whole %s", cut, whole)
                    .isTrue();
        }
    }

    private static Verdict judge(RequestContext asked, byte[] bytes, CloseReason end, int step) {
        var codec = new EnvoyCodec("1.40.0", asked);
        for (int at = 0; at < bytes.length; at += step) {
            codec.dispatch(bytes, at, Math.min(step, bytes.length - at));
        }
        return codec.verdict(end);
    }

    /** Some of what Envoy says is of the bytes of one read alone, so that segments matter to Envoy itself. */
    private static boolean same(Verdict verdict, Verdict whole) {
        boolean answered = whole.message().equals("extraneous data after response complete")
                || whole.details().equals("websocket_handshake_unsuccessful");
        boolean wrongVersion = verdict.message().equals("HPE_INVALID_VERSION");
        return verdict.equals(whole)
                || ((answered || wrongVersion) && silent(verdict).equals(silent(whole)));
    }

    private static Verdict silent(Verdict verdict) {
        return new Verdict(
                verdict.outcome(), verdict.status(), verdict.flags(), verdict.details(), "", verdict.version());
    }

    private static FramingReport read(String method, byte[] bytes, CloseReason end, int step) {
        return FuzzTarget.read(new ResponseReader(method, KEEP), bytes, end, step);
    }
}
