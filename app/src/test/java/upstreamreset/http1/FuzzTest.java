// SPDX-License-Identifier: Apache-2.0
package upstreamreset.http1;

import static org.assertj.core.api.Assertions.assertThatCode;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Feeds mutated fixtures to {@link FuzzTarget}, from a seed: {@code -Dfuzz.runs=1000000 -Dfuzz.seed=7} for a longer run. */
class FuzzTest {
    private static final int RUNS = Integer.getInteger("fuzz.runs", 20_000);
    private static final long SEED = Long.getLong("fuzz.seed", 42);

    @Test
    void noBytesBreakReadersOrModel() {
        var random = new Random(SEED);
        for (int run = 0; run < RUNS; run++) {
            var choice = new byte[2];
            random.nextBytes(choice);
            var data = splice(mutated(random), 0, 0, choice);

            assertThatCode(() -> FuzzTarget.fuzzerTestOneInput(data))
                    .as("seed %d, run %d", SEED, run)
                    .doesNotThrowAnyException();
        }
    }

    private static byte[] mutated(Random random) {
        var bytes = fixture(random).getBytes(StandardCharsets.ISO_8859_1);
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

    private static String fixture(Random random) {
        var from = random.nextInt(4) == 0 ? RequestReaderTest.FIXTURES : Fixtures.ALL;
        return from.get(random.nextInt(from.size()));
    }

    private static byte[] splice(byte[] bytes, int from, int to, byte[] with) {
        var spliced = new byte[bytes.length - (to - from) + with.length];
        System.arraycopy(bytes, 0, spliced, 0, from);
        System.arraycopy(with, 0, spliced, from, with.length);
        System.arraycopy(bytes, to, spliced, from + with.length, bytes.length - to);
        return spliced;
    }
}
