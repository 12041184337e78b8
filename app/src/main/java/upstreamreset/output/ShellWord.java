// SPDX-License-Identifier: Apache-2.0
package upstreamreset.output;

import java.util.regex.Pattern;

/** Text as one word of a POSIX shell, so that a printed command can be pasted whatever the text holds. */
public final class ShellWord {
    private static final Pattern HARMLESS = Pattern.compile("[A-Za-z0-9_@%+=:,./-]+");

    private ShellWord() {}

    public static String quoted(String text) {
        return HARMLESS.matcher(text).matches() ? text : "'" + text.replace("'", "'\\''") + "'";
    }
}
