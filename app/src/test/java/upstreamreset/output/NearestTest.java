// SPDX-License-Identifier: Apache-2.0
package upstreamreset.output;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class NearestTest {
    private static final List<String> NAMES = List.of("explain", "inspect", "probe", "reproduce", "diagnose");

    @Test
    void aSlipAndABeginningAreRecognised() {
        assertThat(Nearest.of("exlpain", NAMES)).containsExactly("explain");
        assertThat(Nearest.of("diag", NAMES)).containsExactly("diagnose");
        assertThat(Nearest.of("pro", NAMES)).containsExactly("probe", "reproduce");
    }

    @Test
    void whatIsFarFromAllIsNearNone() {
        assertThat(Nearest.of("zzzzzz", NAMES)).isEmpty();
        assertThat(Nearest.of("explain".repeat(20), NAMES)).isEmpty();
    }
}
