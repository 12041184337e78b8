// SPDX-License-Identifier: Apache-2.0
package upstreamreset.election.kubernetes;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * One term as a candidate logged it; all on one machine's clock.
 *
 * @param began when it logged that it leads
 * @param ticks when its task logged that it runs
 */
record LoggedTerm(String candidate, long began, List<Long> ticks) {
    static List<LoggedTerm> of(List<Candidate> candidates) {
        var terms = new ArrayList<LoggedTerm>();
        for (var candidate : candidates) {
            LoggedTerm open = null;
            for (var said : candidate.log()) {
                if (said.text().equals("Became leader: " + candidate.name())) {
                    open = new LoggedTerm(candidate.name(), said.millis(), new ArrayList<>());
                    terms.add(open);
                } else if (open != null && said.text().startsWith("Performing leader tasks...")) {
                    open.ticks().add(said.millis());
                }
            }
        }
        terms.sort(Comparator.comparingLong(LoggedTerm::began));
        return terms;
    }

    /** Every term with a tick after the next term had begun. There must be none. */
    static List<String> overlaps(List<LoggedTerm> terms) {
        var found = new ArrayList<String>();
        for (int i = 1; i < terms.size(); i++) {
            var next = terms.get(i);
            for (var before : terms.subList(0, i)) {
                if (before.last() > next.began()) {
                    found.add("the task of %s ran at %d, but %s leads since %d"
                            .formatted(before.candidate(), before.last(), next.candidate(), next.began()));
                }
            }
        }
        return found;
    }

    private long last() {
        return ticks.isEmpty() ? began : ticks.getLast();
    }
}
