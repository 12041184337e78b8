// SPDX-License-Identifier: Apache-2.0
package upstreamreset.scenario;

import java.util.List;
import java.util.Optional;

/**
 * One named fault of an upstream (or one correct response, for comparison): what it sends and what becomes of it.
 *
 * @param name kebab-case, starts with the family's short form
 * @param family the file it stands in
 * @param sentence what is wrong, in one sentence
 * @param source who sends the response
 * @param rule the rule it breaks, with the section of the RFC; empty when it breaks none
 * @param seenIn who writes such code in the real world; public threads
 * @param fix what to change; empty when nothing is wrong
 * @param expectation what the newest Envoy that we test does with it
 */
public record Scenario(
        String name,
        String family,
        String sentence,
        Source source,
        Optional<String> rule,
        List<String> seenIn,
        Optional<String> fix,
        Expectation expectation) {
    public Scenario {
        seenIn = List.copyOf(seenIn);
    }
}
