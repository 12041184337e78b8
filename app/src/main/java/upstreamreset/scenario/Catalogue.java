// SPDX-License-Identifier: Apache-2.0
package upstreamreset.scenario;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import upstreamreset.output.Nearest;
import upstreamreset.wire.Bytes;

/**
 * All scenarios, in their order, names unique. Families are read one after the other and only until a name is found:
 * {@code wrong} is in the first, so the rest need not be read.
 */
public final class Catalogue {
    /** The files, in the order in which people should meet them. */
    private static final List<String> FAMILIES = List.of(
            ("original transfer-coding content-length status-line field-names field-values chunks interim-and-bodiless"
                            + " connection other-protocols retries proxy http2-messages http2-resets")
                    .split(" ", -1));

    private final List<List<Scenario>> families = new ArrayList<>();
    private final Map<String, Scenario> byName = new HashMap<>();

    /** The scenario of this name. */
    public synchronized Optional<Scenario> find(String name) {
        while (!byName.containsKey(name) && families.size() < FAMILIES.size()) {
            readNext();
        }
        return Optional.ofNullable(byName.get(name));
    }

    /** Every scenario. */
    public synchronized List<Scenario> all() {
        while (families.size() < FAMILIES.size()) {
            readNext();
        }
        return families.stream().flatMap(List::stream).toList();
    }

    /** The names that a person who typed {@code unknown} may have meant, the nearest first. */
    public List<String> nearest(String unknown) {
        return Nearest.of(unknown, all().stream().map(Scenario::name).toList());
    }

    private void readNext() {
        var file = FAMILIES.get(families.size()) + ".scenarios";
        var scenarios =
                ScenarioFile.parse(file, Bytes.ofResource(Catalogue.class, file).utf8());
        for (var scenario : scenarios) {
            if (byName.put(scenario.name(), scenario) != null) {
                throw new CatalogueException(file, 1, scenario.name(), "", "the name is taken");
            }
        }
        families.add(scenarios);
    }
}
