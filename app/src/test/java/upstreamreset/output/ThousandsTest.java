// SPDX-License-Identifier: Apache-2.0
package upstreamreset.output;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ThousandsTest {
    @Test
    void threeDigitsAreAGroup() {
        assertThat(Thousands.of(0)).isEqualTo("0");
        assertThat(Thousands.of(999)).isEqualTo("999");
        assertThat(Thousands.of(1_000)).isEqualTo("1,000");
        assertThat(Thousands.of(123_456)).isEqualTo("123,456");
        assertThat(Thousands.of(Long.MAX_VALUE)).isEqualTo("9,223,372,036,854,775,807");
    }
}
