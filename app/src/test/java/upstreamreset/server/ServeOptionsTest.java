// SPDX-License-Identifier: Apache-2.0
package upstreamreset.server;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class ServeOptionsTest {
    private static final Duration SECOND = Duration.ofSeconds(1);

    @Test
    void eachValueHasBounds() {
        refused("host is empty", " ", 1, 1, SECOND, SECOND);
        refused("port -1 is not", "a", -1, 1, SECOND, SECOND);
        refused("port 65536 is not", "a", 65_536, 1, SECOND, SECOND);
        refused("chunks 0 is not", "a", 1, 0, SECOND, SECOND);
        refused("chunks 10001 is not", "a", 1, 10_001, SECOND, SECOND);
        refused("period of 0s is not", "a", 1, 1, Duration.ZERO, SECOND);
        refused("period of 1m1ms is not", "a", 1, 1, Duration.ofMillis(60_001), SECOND);
        refused("drain of -1s is not", "a", 1, 1, SECOND, Duration.ofSeconds(-1));
        refused("drain of 1h1s is not", "a", 1, 1, SECOND, Duration.ofSeconds(3601));
    }

    private static void refused(String because, String host, int port, int chunks, Duration period, Duration drain) {
        assertThatThrownBy(() -> new ServeOptions(host, port, chunks, period, drain))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(because);
    }
}
