// SPDX-License-Identifier: Apache-2.0
package upstreamreset.diagnose;

import java.util.ArrayList;
import java.util.List;

/**
 * The one finding and its remedy.
 *
 * @param id stable, in kebab-case; empty if nothing is wrong
 * @param section of the RFC, if a rule is broken; else empty
 * @param sentence the finding in one sentence
 * @param cause empty if the sentence suffices; likewise {@code fix}
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

    /** The same with the next steps at a cluster. */
    Conclusion at(Commands commands) {
        return new Conclusion(id, section, sentence, cause, fix, commands.at(next), found, unread);
    }

    /** The same with what else must be known: that the sidecar's log levels are still raised. */
    Conclusion levelsLeft(String restoring) {
        var commands = new ArrayList<>(List.of(restoring));
        commands.addAll(next);
        return new Conclusion(
                id,
                section,
                sentence + "; the sidecar's log levels are still raised, and the first command below restores them",
                cause,
                fix,
                commands,
                found,
                true);
    }

    static Conclusion finding(String id, String sentence, String cause, String fix, List<String> next) {
        return new Conclusion(id, "", sentence, cause, fix, next, true, false);
    }

    static Conclusion nothing(String sentence, List<String> next, boolean unread) {
        return new Conclusion("", "", sentence, "", "", next, false, unread);
    }
}
