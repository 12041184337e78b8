// SPDX-License-Identifier: Apache-2.0
package upstreamreset.output;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DurationsTest {
    @ParameterizedTest
    @CsvSource({
        "1, PT1S, 1s",
        "0.5, PT0.5S, 500ms",
        "250ms, PT0.25S, 250ms",
        "1.5s, PT1.5S, 1.5s",
        "2m, PT2M, 2m",
        "1H, PT1H, 1h",
        "1h30m, PT1H30M, 1h30m",
        "1m30s500ms, PT1M30.5S, 1m30.5s",
        "1.5h, PT1H30M, 1h30m",
        "90s, PT1M30S, 1m30s",
        "0.000001ms, PT0.000000001S, 0.000001ms",
        "0, PT0S, 0s",
        "999999999h, PT2562047H47M16.854775807S, 2562047h47m16.854775807s"
    })
    void aTimeIsReadAndWritten(String text, Duration time, String written) {
        assertThat(Durations.parse("--period", text)).isEqualTo(time);
        assertThat(Durations.text(time)).isEqualTo(written);
    }

    @Test
    void whatIsWrittenIsReadAgain() {
        var random = new Random(16);
        for (int i = 0; i < 10_000; i++) {
            var time = Duration.ofNanos(random.nextLong(1L << random.nextInt(1, 63)));
            assertThat(Durations.parse("", Durations.text(time))).isEqualTo(time);
            assertThat(Durations.text(time.negated())).isEqualTo(time.isZero() ? "0s" : "-" + Durations.text(time));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "soon", "s", "-1s", "+1s", "1 s", ".5s", "1.s", "1s1m", "1s1s", "1d", "1e3", "1h30", "٣s"})
    void whatIsNoTimeIsRefused(String text) {
        assertThatThrownBy(() -> Durations.parse("--period", text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("--period expects a time such as 250ms, 1.5s or 2 (seconds), not '" + text + "'");
    }
}
