// SPDX-License-Identifier: Apache-2.0
package upstreamreset.election.kubernetes;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Who worked when, from the candidates' logs; all on one machine's clock. */
final class Reigns {
    /** One term's ticks. {@code began} is when it said that it leads. */
    record Reign(String who, long began, List<Long> ticks) {
        long last() {
            return ticks.isEmpty() ? began : ticks.getLast();
        }
    }

    private Reigns() {}

    static List<Reign> of(List<Candidate> candidates) {
        var reigns = new ArrayList<Reign>();
        for (var candidate : candidates) {
            Reign open = null;
            for (var said : candidate.log()) {
                if (said.text().equals("Became leader: " + candidate.name())) {
                    open = new Reign(candidate.name(), said.millis(), new ArrayList<>());
                    reigns.add(open);
                } else if (open != null && said.text().equals("Performing leader tasks...")) {
                    open.ticks().add(said.millis());
                }
            }
        }
        reigns.sort(Comparator.comparingLong(Reign::began));
        return reigns;
    }

    /** Every tick of a term that came after the next had begun. There must be none. */
    static List<String> overlaps(List<Reign> reigns) {
        var found = new ArrayList<String>();
        for (int i = 1; i < reigns.size(); i++) {
            var next = reigns.get(i);
            for (var before : reigns.subList(0, i)) {
                if (before.last() > next.began()) {
                    found.add("%s worked at %d, but %s leads since %d"
                            .formatted(before.who(), before.last(), next.who(), next.began()));
                }
            }
        }
        return found;
    }
}
