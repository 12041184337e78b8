// SPDX-License-Identifier: Apache-2.0
package upstreamreset.wire;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class GroupedTest {
    @Test
    void threeDigitsAreAGroup() {
        assertThat(Grouped.of(0)).isEqualTo("0");
        assertThat(Grouped.of(999)).isEqualTo("999");
        assertThat(Grouped.of(1_000)).isEqualTo("1,000");
        assertThat(Grouped.of(123_456)).isEqualTo("123,456");
        assertThat(Grouped.of(Long.MAX_VALUE)).isEqualTo("9,223,372,036,854,775,807");
    }
}
