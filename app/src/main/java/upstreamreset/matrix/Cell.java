// SPDX-License-Identifier: Apache-2.0
package upstreamreset.matrix;

import java.util.List;
import java.util.Optional;
import upstreamreset.verdict.Verdict;

/** What came of one scenario in one column. */
public sealed interface Cell {
    /**
     * The recipient got the scenario's response.
     *
     * @param status that whoever asked saw; 0 for none
     * @param bytes of body that whoever asked saw
     * @param words the recipient's own about it; empty for none
     * @param envoy what Envoy's access log says, in a column of Envoy
     * @param differences from what the catalogue expects, which expects something of Envoy alone
     */
    record Seen(
            Reaction reception, int status, long bytes, String words, Optional<Verdict> envoy, List<String> differences)
            implements Cell {
        public Seen {
            differences = List.copyOf(differences);
        }
    }

    /** The scenario cannot be put to this recipient. */
    record NotApplicable(String why) implements Cell {}

    /** The recipient is not there, or did not last. */
    record Unavailable(String why) implements Cell {}
}
