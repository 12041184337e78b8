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
    private static final List<RequestContext> REQUESTS = List.of(
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
            for (var closedBy : CloseReason.values()) {
                var whole = read(method, bytes, closedBy, bytes.length);

                assertThat(read(method, bytes, closedBy, 1)).isEqualTo(whole);
                for (int i = 0; i < 5; i++) {
                    assertThat(read(method, bytes, closedBy, 1 + random.nextInt(7)))
                            .isEqualTo(whole);
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
            var reader = new ResponseReader(RequestContext.of("GET"), KEEP);
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
            var codec = new EnvoyCodec("1.40.0", RequestContext.of("GET"));
            codec.dispatch(bytes, 0, cut);
            // OPEN comes first: it changes nothing in the codec.
            for (var closedBy : List.of(CloseReason.OPEN, CloseReason.LEFT, CloseReason.FIN, CloseReason.RST)) {
                var reader = new ResponseReader(RequestContext.of("GET"), KEEP);
                FuzzTarget.feed(reader, bytes, 0, cut);
                var report = reader.finish(closedBy);

                assertThat(report.end()).isLessThanOrEqualTo(cut);
                // That no end comes is no finding where an error before it may be the reason.
                boolean follows = closedBy == CloseReason.OPEN
                        && report.completeness() != Completeness.NOTHING
                        && report.violations().stream()
                                .anyMatch(each -> each.rule() != Rule.NEVER_ENDS && each.severity() == Severity.ERROR);
                assertThat(report.complete()
                                || report.completeness() == Completeness.UNREADABLE
                                || closedBy == CloseReason.LEFT
                                || follows)
                        .as("no violation, cut at %d, %s", cut, closedBy)
                        .isEqualTo(report.violations().stream().noneMatch(SegmentationTest::tellsOfTheCut));
                assertThat(codec.verdict(closedBy).outcome() == Outcome.HANGS && closedBy.bySender())
                        .as("hangs, cut at %d, %s", cut, closedBy)
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

        for (var request : REQUESTS) {
            for (var closedBy : CloseReason.values()) {
                var whole = judge(request, bytes, closedBy, Math.max(1, bytes.length));

                for (int step = 1; step < 8; step++) {
                    assertThat(same(judge(request, bytes, closedBy, step), whole))
                            .as("%s, %s, segments of %d, whole %s", request, closedBy, step, whole)
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
            var codec = new EnvoyCodec("1.40.0", RequestContext.of("GET"));
            codec.dispatch(bytes, 0, cut);
            codec.dispatch(bytes, cut, bytes.length - cut);

            assertThat(same(codec.verdict(CloseReason.FIN), whole))
                    .as("met at %d, whole %s", cut, whole)
                    .isTrue();
        }
    }

    private static Verdict judge(RequestContext request, byte[] bytes, CloseReason closedBy, int step) {
        var codec = new EnvoyCodec("1.40.0", request);
        for (int at = 0; at < bytes.length; at += step) {
            codec.dispatch(bytes, at, Math.min(step, bytes.length - at));
        }
        return codec.verdict(closedBy);
    }

    /** Equal but for the messages that concern the bytes of one read, and so depend on the segments in Envoy too. */
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

    private static FramingReport read(String method, byte[] bytes, CloseReason closedBy, int step) {
        return FuzzTarget.read(new ResponseReader(RequestContext.of(method), KEEP), bytes, closedBy, step);
    }
}
