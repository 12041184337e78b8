// SPDX-License-Identifier: Apache-2.0
package upstreamreset.server;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** There are never more connections than files, so that one that is too many is told so. */
class OpenFilesTest {
    @Test
    void theLimitIsReadAsLinuxTellsIt() {
        assertThat(OpenFiles.in("""
                        Max processes             1                    2                    processes\s
                        Max open files            1024                 524288               files    \s
                        """)).isEqualTo(1024);
        assertThat(OpenFiles.in("")).isEqualTo(Long.MAX_VALUE);
        assertThat(OpenFiles.max()).isPositive();
    }

    @Test
    void fewFilesAreFewConnections() {
        assertThat(Limits.STANDARD.within(1_000).connections()).isEqualTo(840);
        assertThat(Limits.STANDARD.within(100).connections()).isEqualTo(10);
        assertThat(Limits.STANDARD.within(1 << 20)).isEqualTo(Limits.STANDARD);
    }
}
