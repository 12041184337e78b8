// SPDX-License-Identifier: Apache-2.0
package upstreamreset.cli;

import java.util.ArrayList;
import java.util.List;

/**
 * Runs several command lines, separated by {@code --}, so that one start-up cache holds the classes of all; see aot.sh.
 */
public final class Training {
    private Training() {}

    /** The exit code is the last one's, as of a shell's list of commands. */
    public static void main(String... args) {
        int code = Main.CLEAN;
        var words = new ArrayList<>(List.of(args));
        while (!words.isEmpty()) {
            int end = words.contains("--") ? words.indexOf("--") : words.size();
            code = Main.run(words.subList(0, end).toArray(String[]::new));
            words.subList(0, Math.min(end + 1, words.size())).clear();
        }
        Runtime.getRuntime().halt(code);
    }
}
