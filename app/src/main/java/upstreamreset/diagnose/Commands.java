// SPDX-License-Identifier: Apache-2.0
package upstreamreset.diagnose;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How the commands begin that are printed to be run next: with the name that this program was called by, and at the same cluster.
 *
 * @param program {@code upstream-reset}, or {@code kubectl upstream-reset}
 * @param cluster the options that name the cluster, quoted, each with a space before it: {@code  --context rig}; empty for none
 */
public record Commands(String program, String cluster) {
    private static final String NAME = "upstream-reset ";

    /** What {@code command} is at this cluster. */
    String at(String command) {
        var called = command.startsWith(NAME) ? program + command.substring(NAME.length() - 1) : command;
        var begins = Pattern.compile("(^|; |&& )(" + Pattern.quote(program)
                + " (?:diagnose|capture)|kubectl(?! upstream-reset)|istioctl)(?= )");
        return begins.matcher(called).replaceAll("$1$2" + Matcher.quoteReplacement(cluster));
    }

    List<String> at(List<String> commands) {
        return commands.stream().map(this::at).toList();
    }
}
