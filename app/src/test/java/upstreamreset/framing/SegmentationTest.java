// SPDX-License-Identifier: Apache-2.0
package upstreamreset.framing;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** Every fixture whole, one byte at a time, in random segments, and cut at every offset. */
class SegmentationTest {
    private static final int KEEP = 1 << 16;

    @ParameterizedTest
    @FieldSource("upstreamreset.framing.Fixtures#ALL")
    void anySegmentationGivesTheSameReport(String fixture) {
        var bytes = fixture.getBytes(StandardCharsets.ISO_8859_1);
        var random = new Random(1);

        for (var method : new String[] {"GET", "HEAD", "CONNECT"}) {
            for (var end : ConnectionEnd.values()) {
                var whole = read(method, bytes, end, bytes.length);

                assertThat(read(method, bytes, end, 1)).isEqualTo(whole);
                for (int i = 0; i < 5; i++) {
                    assertThat(read(method, bytes, end, 1 + random.nextInt(7))).isEqualTo(whole);
                }
            }
        }
    }

    @ParameterizedTest
    @FieldSource("upstreamreset.framing.Fixtures#ALL")
    void aCutAtAnyOffsetIsAResult(String fixture) {
        var bytes = fixture.getBytes(StandardCharsets.ISO_8859_1);

        for (int cut = 0; cut < Math.min(bytes.length, 2_000); cut++) {
            var part = Arrays.copyOf(bytes, cut);

            var report = read("GET", part, ConnectionEnd.FIN, cut);
            var verdict = EnvoyCodec.judge("1.40.0", "GET", part, ConnectionEnd.FIN);

            assertThat(report.end()).isLessThanOrEqualTo(cut);
            assertThat(verdict.outcome()).isNotEqualTo(Outcome.HANGS);
            if (!report.complete() && report.ending() != Ending.UNREADABLE) {
                assertThat(report.violations()).isNotEmpty();
            }
        }
    }

    @Test
    void whatTheModelReadsByteByByteIsWhatItReadsWhole() {
        var bytes = Fixtures.ALL.get(3).getBytes(StandardCharsets.ISO_8859_1);
        var codec = new EnvoyCodec("1.40.0", "GET");
        for (int i = 0; i < bytes.length; i++) {
            codec.dispatch(bytes, i, 1);
        }

        assertThat(codec.verdict(ConnectionEnd.OPEN))
                .isEqualTo(EnvoyCodec.judge("1.40.0", "GET", bytes, ConnectionEnd.OPEN));
    }

    private static FramingReport read(String method, byte[] bytes, ConnectionEnd end, int step) {
        return FuzzTarget.read(new ResponseReader(method, KEEP), bytes, end, step);
    }
}
