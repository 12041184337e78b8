// SPDX-License-Identifier: Apache-2.0
package upstreamreset.matrix;

import java.util.List;
import java.util.Optional;
import upstreamreset.verdict.Verdict;

/** The result of one scenario in one column. */
public sealed interface Cell {
    /**
     * How the implementation took the scenario's response.
     *
     * @param status that the client got; 0 for none
     * @param bytes of body that the client got
     * @param words the implementation's own about it; empty for none
     * @param envoy what Envoy's access log says, in a column of Envoy
     * @param differences from what the catalogue expects, which expects something of Envoy alone
     */
    record Seen(
            Reaction reaction, int status, long bytes, String words, Optional<Verdict> envoy, List<String> differences)
            implements Cell {
        public Seen {
            differences = List.copyOf(differences);
        }
    }

    /** The scenario cannot be run against this implementation. */
    record NotApplicable(String why) implements Cell {}

    /** The implementation is not installed, or did not last. */
    record Unavailable(String why) implements Cell {}
}
