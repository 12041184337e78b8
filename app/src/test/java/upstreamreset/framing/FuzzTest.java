// SPDX-License-Identifier: Apache-2.0
package upstreamreset.framing;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Mutated fixtures through reader and model, from a seed: {@code -Dfuzz.runs=1000000 -Dfuzz.seed=7} for a longer run. Nothing
 * is thrown, nothing grows without bounds, nothing unprintable is shown, and segments do not matter.
 */
class FuzzTest {
    private static final int RUNS = Integer.getInteger("fuzz.runs", 20_000);
    private static final long SEED = Long.getLong("fuzz.seed", 42);
    private static final List<ConnectionEnd> ENDS = List.of(ConnectionEnd.values());
    private static final int KEEP = 100;
    private static final int MAX_VIOLATIONS = 100;

    @Test
    void noBytesBreakReaderOrModel() {
        var random = new Random(SEED);
        for (int run = 0; run < RUNS; run++) {
            var bytes = mutated(random);
            var end = ENDS.get(random.nextInt(ENDS.size()));

            var whole = read(bytes, end, Math.max(1, bytes.length));
            var split = read(bytes, end, 1 + random.nextInt(9));
            var verdict = EnvoyCodec.judge("1.40.0", "GET", bytes, end);

            assertThat(split).as("seed %d, run %d", SEED, run).isEqualTo(whole);
            assertThat(whole.violations()).hasSizeLessThanOrEqualTo(MAX_VIOLATIONS);
            assertThat(whole.body().length()).isLessThanOrEqualTo(KEEP);
            assertThat(verdict.message().chars().allMatch(c -> c >= ' ' && c < 0x7F))
                    .isTrue();
            for (var violation : whole.violations()) {
                assertThat(violation.excerpt().chars().allMatch(c -> (c >= ' ' && c < 0x7F) || c == '…'))
                        .as("seed %d, run %d: %s", SEED, run, violation)
                        .isTrue();
            }
        }
    }

    private static byte[] mutated(Random random) {
        var bytes = Fixtures.ALL.get(random.nextInt(Fixtures.ALL.size())).getBytes(StandardCharsets.ISO_8859_1);
        for (int i = random.nextInt(6); i > 0 && bytes.length > 0; i--) {
            int at = random.nextInt(Math.min(bytes.length, 500));
            switch (random.nextInt(4)) {
                case 0 -> bytes[at] = (byte) random.nextInt();
                case 1 -> bytes = splice(bytes, at, at, new byte[] {(byte) random.nextInt(64)});
                case 2 -> bytes = splice(bytes, at, Math.min(bytes.length, at + 1 + random.nextInt(20)), new byte[0]);
                default -> {
                    int end = Math.min(bytes.length, at + 1 + random.nextInt(60));
                    bytes = splice(bytes, at, at, Arrays.copyOfRange(bytes, at, end));
                }
            }
        }
        return bytes;
    }

    private static byte[] splice(byte[] bytes, int from, int to, byte[] with) {
        var spliced = new byte[bytes.length - (to - from) + with.length];
        System.arraycopy(bytes, 0, spliced, 0, from);
        System.arraycopy(with, 0, spliced, from, with.length);
        System.arraycopy(bytes, to, spliced, from + with.length, bytes.length - to);
        return spliced;
    }

    private static FramingReport read(byte[] bytes, ConnectionEnd end, int step) {
        var reader = new ResponseReader("GET", KEEP);
        for (int at = 0; at < bytes.length; at += step) {
            int length = Math.min(step, bytes.length - at);
            int used = reader.feed(bytes, at, length);
            reader.surplus(bytes, at + used, length - used);
        }
        return reader.finish(end);
    }
}
