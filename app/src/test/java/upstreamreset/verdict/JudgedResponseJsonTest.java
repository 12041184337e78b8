// SPDX-License-Identifier: Apache-2.0
package upstreamreset.verdict;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JudgedResponseJsonTest {
    @ParameterizedTest
    @ValueSource(longs = {1, 1_000, 1_000_000, 1_000_000_000, 60_000_000_000L, 3_600_000_000_000L})
    void aTimeIsWrittenAsInstantWritesIt(long granularity) {
        var random = new Random(granularity);
        for (int i = 0; i < 200; i++) {
            long nanos = random.nextLong(4_000_000_000_000_000_000L) / granularity * granularity;
            var time = Instant.EPOCH.plusNanos(nanos);
            assertThat(JudgedResponseJson.iso(time)).isEqualTo(time.toString());
        }
    }
}
