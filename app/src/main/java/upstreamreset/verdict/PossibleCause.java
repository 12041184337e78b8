// SPDX-License-Identifier: Apache-2.0
package upstreamreset.verdict;

import java.util.List;
import upstreamreset.http1.Rule;

/**
 * A rule that a response can have broken as far as Envoy's message tells, where its bytes are not there: a {@link Finding}
 * without a place.
 */
public record PossibleCause(Rule rule, String cause, String fix) {
    /** The most likely first; none for an unknown message. {@code status} is what the client got, 0 if unknown. */
    public static List<PossibleCause> of(String message, int status) {
        var rules = status == 0 ? CodecReason.rules(message) : CodecReason.rules(message, status);
        return rules.stream()
                .map(rule -> {
                    var remedy = Remedy.of(rule);
                    return new PossibleCause(rule, remedy.cause(), remedy.fix());
                })
                .toList();
    }
}
