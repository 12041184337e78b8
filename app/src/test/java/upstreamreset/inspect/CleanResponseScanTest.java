// SPDX-License-Identifier: Apache-2.0
package upstreamreset.inspect;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import upstreamreset.codec.OneSegment;
import upstreamreset.http1.CloseReason;
import upstreamreset.http1.ResponseReader;
import upstreamreset.verdict.Outcome;

class CleanResponseScanTest {
    private static final List<String> PLAIN = List.of(
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: Chunked\r\nX: a b\r\n\r\n5;\r\n".replace(";", "")
                    + "hello\r\n0a\r\n0123456789\r\n0\r\n\r\n",
            "HTTP/1.1 404 Not Found\r\nContent-Type: text/plain\r\nContent-Length: 5\r\n\r\nhello",
            "HTTP/1.1 500 \r\ncontent-length: 0\r\n\r\n");

    @Test
    void plainResponsesAreKnownToTheirLastByteAndNotBefore() {
        for (var text : PLAIN) {
            var bytes = text.getBytes(StandardCharsets.ISO_8859_1);
            assertThat(length(bytes, 0, bytes.length)).as(text).isEqualTo(bytes.length);
            var more = Arrays.copyOf(bytes, bytes.length + 7);
            assertThat(length(more, 0, more.length)).isEqualTo(bytes.length);
            for (int length = 0; length < bytes.length; length++) {
                assertThat(length(bytes, 0, length)).as("%s %d", text, length).isEqualTo(CleanResponseScan.MORE);
            }
        }
    }

    @Test
    void whatItPassesHasNoViolationAndPassesEnvoy() {
        var random = new Random(8);
        int plain = 0;
        for (int i = 0; i < 60_000; i++) {
            var bytes = PLAIN.get(i % 3).getBytes(StandardCharsets.ISO_8859_1);
            for (int edits = random.nextInt(3); edits > 0; edits--) {
                bytes = edit(bytes, random);
            }
            int length = length(bytes, 0, bytes.length);
            if (length > 0) {
                plain++;
                var response = Arrays.copyOf(bytes, length);
                var report = ResponseReader.read("GET", response, CloseReason.OPEN);
                assertThat(report.complete() && report.violations().isEmpty())
                        .as(new String(response, StandardCharsets.ISO_8859_1))
                        .isTrue();
                assertThat(OneSegment.judge("1.40.0", "GET", response, CloseReason.OPEN)
                                .outcome())
                        .as(new String(response, StandardCharsets.ISO_8859_1))
                        .isEqualTo(Outcome.PASSES);
            }
        }
        assertThat(plain).isBetween(20_000, 59_000);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7, 40})
    void theSegmentsThatItComesInDoNotMatter(int step) {
        var random = new Random(step);
        for (int i = 0; i < 6_000; i++) {
            var bytes = PLAIN.get(i % 3).getBytes(StandardCharsets.ISO_8859_1);
            for (int edits = random.nextInt(3); edits > 0; edits--) {
                bytes = edit(bytes, random);
            }
            var look = new CleanResponseScan();
            int length = CleanResponseScan.MORE;
            for (int to = step; length == CleanResponseScan.MORE && to < bytes.length + step; to += step) {
                length = look.length(bytes, 0, Math.min(to, bytes.length));
            }
            assertThat(length)
                    .as(new String(bytes, StandardCharsets.ISO_8859_1))
                    .isEqualTo(length(bytes, 0, bytes.length));
        }
    }

    private static int length(byte[] bytes, int from, int to) {
        return new CleanResponseScan().length(bytes, from, to);
    }

    private static byte[] edit(byte[] bytes, Random random) {
        int at = random.nextInt(bytes.length);
        var interesting = "\r\n :;,0aZ\t\u0000\u00e9{".getBytes(StandardCharsets.ISO_8859_1);
        byte b = interesting[random.nextInt(interesting.length)];
        if (random.nextBoolean()) {
            var changed = bytes.clone();
            changed[at] = b;
            return changed;
        }
        var longer = Arrays.copyOf(bytes, bytes.length + 1);
        System.arraycopy(bytes, at, longer, at + 1, bytes.length - at);
        longer[at] = b;
        return longer;
    }
}
