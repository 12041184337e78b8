// SPDX-License-Identifier: Apache-2.0
package upstreamreset.accesslog;

import java.util.Optional;
import java.util.regex.Pattern;

/** Removes the text that terminals, kubectl, container runtimes and collectors put around a proxy's line. */
final class LogWrapping {
    /** {@code [pod/NAME/CONTAINER] } of {@code kubectl logs --prefix}, and the time of {@code --timestamps}. */
    private static final Pattern KUBECTL = Pattern.compile("(?:\\[pod/([A-Za-z0-9.-]{1,253})/[A-Za-z0-9.-]{1,63}] )?"
            + "(?:\\d{4}-\\d\\d-\\d\\dT[0-9:.]+(?:Z|[+-]\\d\\d:\\d\\d) )?");

    /** {@code NAME CONTAINER } of stern. */
    private static final Pattern STERN = Pattern.compile("([A-Za-z0-9.-]{1,253}) istio-proxy ");

    /** How a proxy's line begins: the time of a text log, or JSON. */
    private static final Pattern BEGIN = Pattern.compile("\\[\\d{4}-\\d\\d-\\d\\dT\\d\\d:|\\{ ?\"");

    private static final Pattern COLOUR = Pattern.compile("\u001b\\[[0-9;]{0,20}m");

    private LogWrapping() {}

    /** Without colours, and without the mark that some editors write first. */
    static String withoutColours(String line) {
        var text = line.startsWith("\uFEFF") ? line.substring(1) : line;
        return text.indexOf('\u001b') < 0 ? text : COLOUR.matcher(text).replaceAll("");
    }

    /** Behind what kubectl puts before a line; all of it, if that is nothing. */
    static String withoutPrefix(String line) {
        var prefix = KUBECTL.matcher(line);
        return prefix.lookingAt() ? line.substring(prefix.end()) : line;
    }

    /** Behind the {@code [pod/NAME/CONTAINER] } that kubectl puts before a line; the time there may be the line's own. */
    static String withoutPodPrefix(String line) {
        int end = line.startsWith("[pod/") ? line.indexOf("] ") : -1;
        return end < 0 ? line : line.substring(end + 2);
    }

    /** The pod that logged the line, where kubectl or stern say it. */
    static Optional<String> pod(String line) {
        if (line.startsWith("{")) {
            return Optional.empty();
        }
        var kubectl = KUBECTL.matcher(line);
        if (kubectl.lookingAt() && kubectl.group(1) != null) {
            return Optional.of(kubectl.group(1));
        }
        var stern = STERN.matcher(line);
        return stern.lookingAt() ? Optional.of(stern.group(1)) : Optional.empty();
    }

    /** The beginning of a proxy's line in {@code text}, after any other text; -1 if there is none. */
    static int begin(String text) {
        if (text.indexOf('[') < 0 && text.indexOf('{') < 0) {
            return -1;
        }
        var begin = BEGIN.matcher(text);
        return begin.find() ? begin.start() : -1;
    }
}
