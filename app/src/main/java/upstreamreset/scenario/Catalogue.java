// SPDX-License-Identifier: Apache-2.0
package upstreamreset.scenario;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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

    /** Longer than every name (CatalogueTest), and short enough for a distance to each. */
    private static final int MAX_TYPED_LENGTH = 64;

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

    /** Up to three names that a person who typed {@code unknown} may have meant, the nearest first; none for a longer text than any name. */
    public List<String> nearest(String unknown) {
        if (unknown.length() > MAX_TYPED_LENGTH) {
            return List.of();
        }
        return all().stream()
                .map(Scenario::name)
                .filter(name -> edits(unknown, name) <= Math.max(2, unknown.length() / 3)
                        || (unknown.length() > 2 && name.contains(unknown)))
                .sorted(Comparator.comparingInt(name -> edits(unknown, name)))
                .limit(3)
                .toList();
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

    /** Edit distance (Levenshtein). */
    private static int edits(String a, String b) {
        var row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int change = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(change, Math.min(row[j], row[j - 1]) + 1);
            }
        }
        return row[b.length()];
    }
}
