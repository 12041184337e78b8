// SPDX-License-Identifier: Apache-2.0
package upstreamreset.scenario;

import java.util.Optional;
import upstreamreset.http1.Rule;
import upstreamreset.verdict.Remedy;

/**
 * The rule that a scenario breaks, and its description.
 *
 * @param rule the rule that its response breaks; empty if no rule for HTTP/1 responses fits
 * @param text the section, and its demand or the reason why people break it
 */
public record BrokenRule(Optional<Rule> rule, String text) {
    private static final String RFC = "RFC ";

    /**
     * {@code RULE}, which says why people break it; {@code RULE: TEXT}, which says what the rule's section demands, or the one
     * that the text begins with; where no rule fits, a text alone, which begins with an RFC or with None.
     */
    static BrokenRule parse(String breaks) {
        var parts = breaks.split(": ", 2);
        var rule = Rule.ofId(parts[0]);
        if (rule.isEmpty()) {
            if (!breaks.startsWith(RFC) && !breaks.startsWith("None")) {
                throw new IllegalArgumentException("\"" + parts[0]
                        + "\" is not a rule; if none fits, begin with the RFC and its section, or with None");
            }
            return new BrokenRule(rule, breaks);
        }
        var section = rule.get().section();
        if (parts.length == 1) {
            var cause = Remedy.of(rule.get()).cause();
            return new BrokenRule(rule, "%s (%s): %s".formatted(parts[0], section, cause));
        }
        return new BrokenRule(rule, parts[1].startsWith(RFC) ? parts[1] : section + ": " + parts[1]);
    }

    /** The fix, if the scenario has no better one. */
    Optional<String> fix() {
        return rule.map(each -> Remedy.of(each).fix());
    }
}
