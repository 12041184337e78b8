// SPDX-License-Identifier: Apache-2.0
package upstreamreset.explain;

import java.util.List;
import upstreamreset.verdict.PossibleCause;

/**
 * What Envoy's codec said of a response that it refused.
 *
 * @param message the codec's reason, for example {@code unsupported transfer encoding}
 * @param causes the rules that the response can have broken then, the most likely first; none for an unknown message
 */
public record CodecRefusal(String message, List<PossibleCause> causes) {
    public CodecRefusal {
        causes = List.copyOf(causes);
    }

    /** {@code status} is what the client got; 0 if unknown. */
    static CodecRefusal of(String message, int status) {
        return new CodecRefusal(message, PossibleCause.of(message, status));
    }
}
