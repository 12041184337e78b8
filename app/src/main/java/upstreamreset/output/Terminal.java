// SPDX-License-Identifier: Apache-2.0
package upstreamreset.output;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * The properties of this process's stdout: whether it is a terminal, its columns, and whether it has colour. Without a
 * terminal it has 100 columns and no colour, so that piped output is the same on each machine.
 *
 * @param isTerminal whether lines are wrapped for one
 * @param columns the maximum length of a line of text; commands, bytes and log lines are never wrapped
 * @param colour whether lines are coloured
 */
public record Terminal(boolean isTerminal, int columns, boolean colour) {
    /** The launchers set it to the terminal's columns, if stdout is one: a JVM cannot see that without a native call. */
    public static final String PROPERTY = "upstreamreset.columns";

    /** Longer lines are hard to read. */
    private static final int MAX_COLUMNS = 100;

    /** picocli has no narrower help. */
    private static final int MIN_COLUMNS = 55;

    private static final Terminal NONE = new Terminal(false, MAX_COLUMNS, false);
    private static final Pattern NUMBER = Pattern.compile("\\d{1,5}");

    private static volatile Terminal current = NONE;

    /** This process's. */
    public static Terminal current() {
        return current;
    }

    /** Makes it this process's. */
    public void use() {
        current = this;
    }

    /**
     * How stdout of a process with these is looked at.
     *
     * @param columns the launcher's value, empty if stdout is not a terminal
     * @param environment of it NO_COLOR (no-color.org) and TERM
     * @param words the command line, of which only {@code --color} is read
     */
    public static Terminal of(String columns, Map<String, String> environment, List<String> words) {
        boolean terminal = NUMBER.matcher(columns).matches();
        boolean colour = switch (wanted(words)) {
            case "always" -> true;
            case "never" -> false;
            default ->
                terminal
                        && environment.getOrDefault("NO_COLOR", "").isEmpty()
                        && !"dumb".equals(environment.get("TERM"));
        };
        int width = terminal ? Integer.parseInt(columns) : MAX_COLUMNS;
        // A terminal that does not know its size says 0.
        return new Terminal(terminal, width == 0 ? MAX_COLUMNS : Math.clamp(width, MIN_COLUMNS, MAX_COLUMNS), colour);
    }

    private static String wanted(List<String> words) {
        for (int i = 0; i < words.size() && !words.get(i).equals("--"); i++) {
            var word = words.get(i);
            if (word.startsWith("--color=")) {
                return word.substring("--color=".length()).toLowerCase(Locale.ROOT);
            }
            if (word.equals("--color") && i + 1 < words.size()) {
                return words.get(i + 1).toLowerCase(Locale.ROOT);
            }
        }
        return "auto";
    }
}
