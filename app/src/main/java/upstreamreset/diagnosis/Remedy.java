// SPDX-License-Identifier: Apache-2.0
package upstreamreset.diagnosis;

import java.util.Map;
import upstreamreset.framing.Rule;

/** Why people break a rule, and what to change. */
record Remedy(String cause, String fix) {
    private static final Map<Rule, Remedy> REMEDIES = Map.of(
            Rule.DUPLICATE_TRANSFER_ENCODING,
            new Remedy(
                    "The code sets Transfer-Encoding itself (or copies it from another response), and the server adds its"
                            + " own: two lines, which mean chunked twice.",
                    "Do not set or copy Transfer-Encoding: the server frames the body. When proxying, drop the hop-by-hop"
                            + " fields of the other response."));

    private static final Remedy UNKNOWN = new Remedy("", "");

    static Remedy of(Rule rule) {
        return REMEDIES.getOrDefault(rule, UNKNOWN);
    }
}
