// SPDX-License-Identifier: Apache-2.0
package upstreamreset.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import upstreamreset.scenario.Catalogue;
import upstreamreset.scenario.Scenario;
import upstreamreset.server.ServeOptions;
import upstreamreset.testing.RealParts;

/** The catalogue's expectations are not opinions: the oldest and the newest Envoy that we pin are asked for each. */
class CatalogueIT {
    @ParameterizedTest
    @ValueSource(strings = {"1.36.2", "1.40.0"})
    void everyExpectationIsWhatARealEnvoyDoes(String version) throws Exception {
        var scenarios = new Catalogue().all();
        var names = new ArrayList<String>();

        var differing = differing(version, scenarios, names);

        if (!differing.isEmpty()) {
            // What a busy machine was too slow for is as expected when it is asked again, among few.
            // What differs now and then is told.
            System.out.println("CatalogueIT: asked again: " + differing);
            var again = scenarios.stream()
                    .filter(each -> differing.containsKey(each.name()))
                    .toList();
            assertThat(differing(version, again, new ArrayList<>()))
                    .as("again; at first: %s", differing)
                    .isEmpty();
        }
        assertThat(names)
                .containsExactlyElementsOf(
                        scenarios.stream().map(scenario -> scenario.name()).toList());
    }

    /** What differs, by the scenario's name; all names are added to {@code names} in their order. */
    private static Map<String, List<String>> differing(String version, List<Scenario> scenarios, List<String> names)
            throws IOException, InterruptedException {
        var differing = new TreeMap<String, List<String>>();
        Sweep.run(RealParts.envoy(version), scenarios, reproduction -> {
            var name = reproduction.scenario().name();
            names.add(name);
            if (!reproduction.differences().isEmpty()) {
                differing.put(name, reproduction.differences());
            }
        });
        return differing;
    }

    @Test
    void whatOneScenarioChangesOfTheWholeEnvoyIsNotChangedForOthers() throws Exception {
        var catalogue = new Catalogue();
        var overload = catalogue.find("proxy-overload").orElseThrow();
        var correct = catalogue.find("te-capitals").orElseThrow();
        var options = new Lab.Options(false, ServeOptions.onFreePort());

        try (var lab = Lab.start(RealParts.envoy(), options, List.of(overload, correct))) {
            assertThat(lab.reproduce(overload).judged().envoy().details()).isEqualTo("overload");
            assertThat(lab.reproduce(correct).judged().envoy().details()).isEqualTo("via_upstream");
        }
    }
}
