// SPDX-License-Identifier: Apache-2.0
package upstreamreset.diagnose;

import java.util.List;

/**
 * The one finding, and what to do.
 *
 * @param id stable, in kebab-case; empty where nothing is wrong
 * @param section of the RFC, where a rule is broken; else empty
 * @param sentence what is the case
 * @param cause empty where the sentence says it all; so with {@code fix}
 * @param next commands to run, or steps to take
 * @param found whether something is wrong
 * @param unread whether something that may have mattered could not be read or asked
 */
public record Conclusion(
        String id,
        String section,
        String sentence,
        String cause,
        String fix,
        List<String> next,
        boolean found,
        boolean unread) {
    public Conclusion {
        next = List.copyOf(next);
    }

    static Conclusion finding(String id, String sentence, String cause, String fix, List<String> next) {
        return new Conclusion(id, "", sentence, cause, fix, next, true, false);
    }

    static Conclusion nothing(String sentence, List<String> next, boolean unread) {
        return new Conclusion("", "", sentence, "", "", next, false, unread);
    }
}
