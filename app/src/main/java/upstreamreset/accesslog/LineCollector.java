// SPDX-License-Identifier: Apache-2.0
package upstreamreset.accesslog;

import java.util.List;

/** Joins lines that belong together: a line that a terminal wrapped, JSON over several lines, a list of fields. */
interface LineCollector {
    /** The effect of the next line on the held lines. */
    enum Step {
        /** It belongs to them, and more may come. */
        MORE,
        /** It belongs to them and is the last. */
        LAST,
        /** It does not belong to them, so they are over. */
        FOREIGN
    }

    /**
     * What the lines held are together.
     *
     * @param used how many of them, from the first on, it took; the others are read anew
     */
    record Reading(List<LogLine> lines, int used) {
        static final Reading NOTHING = new Reading(List.of(), 0);

        public Reading {
            lines = List.copyOf(lines);
        }
    }

    /** Whether an incomplete line may be the first of several; if so, the collector holds it. */
    boolean begin(String line);

    Step next(String line);

    /** Forgets the lines. */
    Reading end();
}
