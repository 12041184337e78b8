// SPDX-License-Identifier: Apache-2.0
package upstreamreset.explain;

import java.util.List;
import upstreamreset.http1.Rule;
import upstreamreset.verdict.CodecReason;

/**
 * What Envoy's codec said of a response that it refused.
 *
 * @param message the codec's reason, for example {@code unsupported transfer encoding}
 * @param rules those that the response can have broken then, the most likely first; none for an unknown message
 */
public record CodecRefusal(String message, List<Rule> rules) {
    public CodecRefusal {
        rules = List.copyOf(rules);
    }

    /** {@code status} is what the client got; 0 if unknown. */
    static CodecRefusal of(String message, int status) {
        return new CodecRefusal(message, status == 0 ? CodecReason.rules(message) : CodecReason.rules(message, status));
    }
}
