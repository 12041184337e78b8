// SPDX-License-Identifier: Apache-2.0
package upstreamreset.scrap;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import upstreamreset.accesslog.Table;

/**
 * A table's entry for a word.
 *
 * @param causes the ids of the causes, the most likely first; none if the word indicates no failure
 * @param says its meaning, in one sentence without a full stop
 */
record Meaning(List<String> causes, String says) {
    private static final String NO_CAUSE = "-";

    Meaning {
        causes = List.copyOf(causes);
    }

    /** The rows {@code WORD: CAUSE CAUSE; WHAT IT SAYS}, in their order. */
    static Map<String, Meaning> table(String text) {
        var table = new LinkedHashMap<String, Meaning>();
        Table.parse(text).forEach((word, row) -> {
            int end = row.indexOf("; ");
            table.put(word, new Meaning(ids(row.substring(0, end)), row.substring(end + 2)));
        });
        return table;
    }

    /** The ids that stand apart by blanks; none for {@code -}. */
    static List<String> ids(String text) {
        return text.equals(NO_CAUSE) ? List.of() : List.of(text.split(" ", -1));
    }

    /** The ids of all causes that they name. */
    static List<String> causes(Collection<Meaning> meanings) {
        return meanings.stream().flatMap(meaning -> meaning.causes().stream()).toList();
    }
}
