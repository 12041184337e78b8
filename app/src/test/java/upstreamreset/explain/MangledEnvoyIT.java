// SPDX-License-Identifier: Apache-2.0
package upstreamreset.explain;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import org.junit.jupiter.api.Test;
import upstreamreset.lab.Sweep;
import upstreamreset.scenario.Catalogue;
import upstreamreset.testing.RealParts;

/** Whatever is done to the lines that a real Envoy has just written, the answer does not change. */
class MangledEnvoyIT {
    private static final int TIMES = 30;

    @Test
    void theAnswerDoesNotChange() throws Exception {
        var lines = new ArrayList<String>();
        Sweep.run(
                RealParts.envoy(),
                new Catalogue().all(),
                reproduction -> reproduction.sidecars().forEach(sidecar -> lines.add(sidecar.line())));
        var wrong = new ArrayList<String>();
        long seed = 0;
        for (var line : lines) {
            for (int i = 0; i < TIMES; i++) {
                Mangled.check(line, seed++).ifPresent(wrong::add);
            }
        }
        assertThat(seed).isGreaterThan(3_000);
        assertThat(wrong).as(wrong.size() + " of " + seed).isEmpty();
    }
}
