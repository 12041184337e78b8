// SPDX-License-Identifier: Apache-2.0
package upstreamreset.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import upstreamreset.scenario.Catalogue;
import upstreamreset.scenario.Source;
import upstreamreset.testing.RealParts;

/** The catalogue's expectations are not opinions: the oldest and the newest Envoy that we pin are asked for each. */
class CatalogueIT {
    @ParameterizedTest
    @ValueSource(strings = {"1.36.2", "1.40.0"})
    void everyExpectationIsWhatARealEnvoyDoes(String version) throws Exception {
        var scenarios = new Catalogue()
                .all().stream()
                        .filter(scenario -> !(scenario.source() instanceof Source.App))
                        .toList();
        var noApp = new InetSocketAddress(InetAddress.getLoopbackAddress(), 1);
        var differences = new ArrayList<String>();
        try (var rig = Rig.start(RealParts.envoy(version), scenarios, noApp)) {
            for (var scenario : scenarios) {
                var observed = rig.run(scenario);
                observed.differences(scenario.expectation(version))
                        .forEach(difference -> differences.add(scenario.name() + ": " + difference));
            }
        }

        assertThat(differences).isEmpty();
    }
}
