// SPDX-License-Identifier: Apache-2.0
package upstreamreset.cli;

import java.util.Map;
import java.util.regex.Pattern;

/** Decides the program's name in help and messages: the name that the user typed, possibly as a kubectl plugin. */
final class ProgramName {
    /** Set by {@code bin/kubectl-upstream_reset}: a JVM does not see the name that it was started by. */
    static final String VARIABLE = "UPSTREAM_RESET_CALLED_BY";

    static final String PLAIN = "upstream-reset";
    private static final Pattern COMMAND_LINE = Pattern.compile("(?<![\\w./-])" + PLAIN + " (?=[a-z])");

    private ProgramName() {}

    /** The name of this process's program. */
    static String current() {
        return in(System.getenv());
    }

    static String in(Map<String, String> environment) {
        return "kubectl".equals(environment.get(VARIABLE)) ? "kubectl " + PLAIN : PLAIN;
    }

    /** Text of the help, whose command lines begin with {@code name}. */
    static String[] help(String name, String... lines) {
        var named = lines.clone();
        for (int i = 0; i < named.length && !name.equals(PLAIN); i++) {
            named[i] = COMMAND_LINE.matcher(named[i]).replaceAll(name + " ");
        }
        return named;
    }
}
