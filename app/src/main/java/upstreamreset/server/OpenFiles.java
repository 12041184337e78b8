// SPDX-License-Identifier: Apache-2.0
package upstreamreset.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;

/** The number of files that this process may open, as reported by Linux; a very large number if unknown. */
final class OpenFiles {
    private static final Pattern LIMIT = Pattern.compile("(?m)^Max open files +(\\d+) ");

    private OpenFiles() {}

    static long max() {
        try {
            return in(Files.readString(Path.of("/proc/self/limits")));
        } catch (IOException e) {
            return Long.MAX_VALUE;
        }
    }

    static long in(String limits) {
        var match = LIMIT.matcher(limits);
        return match.find() ? Long.parseLong(match.group(1)) : Long.MAX_VALUE;
    }
}
