// SPDX-License-Identifier: Apache-2.0
package upstreamreset.accesslog;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Joins the pieces of a line that a container runtime cut: CRI marks all but the last with P, Docker's json-file omits
 * their line ends. Any other line passes at once. Memory is bounded.
 */
public final class PartialLines {
    private static final Pattern CRI = Pattern.compile(
            "(\\d{4}-\\d\\d-\\d\\dT\\S{8,30}) (stdout|stderr) ([PF])(?::\\S{0,20})? (.*)", Pattern.DOTALL);
    private static final Pattern DOCKER = Pattern.compile(
            "\\{\"log\":\"((?:[^\"\\\\]|\\\\.)*+)\"(,.*\"stream\":\"(stdout|stderr)\".*)", Pattern.DOTALL);

    /** Docker cuts at 16 KiB of bytes. A shorter text without an end of line is one from which a shipper took it. */
    private static final int MIN_DOCKER = 8 * 1024;

    private static final int MAX_HELD = 64 * 1024;

    /** A piece that waits for the next: the parts before and after the text. */
    private record Held(String before, StringBuilder text, String behind) {
        String line() {
            return before + text + behind;
        }
    }

    private final Map<String, Held> byStream = new LinkedHashMap<>();

    /** Gives {@code whole} the line, or the one that it ends; nothing while more of it is to come. */
    public void add(String line, Consumer<String> whole) {
        char first = line.isEmpty() ? ' ' : line.charAt(0);
        if (first >= '0' && first <= '9') {
            var cri = CRI.matcher(line);
            if (cri.matches()) {
                cri(cri, line, whole);
                return;
            }
        } else if (first == '{' && line.startsWith("{\"log\":\"")) {
            var docker = DOCKER.matcher(line);
            if (docker.matches()) {
                docker(docker, line, whole);
                return;
            }
        }
        end(whole);
        whole.accept(line);
    }

    private void cri(Matcher line, String text, Consumer<String> whole) {
        boolean last = line.group(3).equals("F");
        if (last && byStream.isEmpty()) {
            whole.accept(text);
            return;
        }
        var before = line.group(1) + " " + line.group(2) + " F ";
        piece(line.group(2), new Held(before, new StringBuilder(line.group(4)), ""), last, whole);
    }

    private void docker(Matcher line, String text, Consumer<String> whole) {
        var log = line.group(1);
        boolean last = log.endsWith("\\n") || log.length() < MIN_DOCKER;
        if (last && byStream.isEmpty()) {
            whole.accept(text);
            return;
        }
        piece(line.group(3), new Held("{\"log\":\"", new StringBuilder(log), "\"" + line.group(2)), last, whole);
    }

    private void piece(String stream, Held piece, boolean last, Consumer<String> whole) {
        @Nullable Held held = byStream.remove(stream);
        var all = held == null ? piece : held;
        if (held != null) {
            held.text().append(piece.text());
        }
        if (last || all.text().length() > MAX_HELD) {
            whole.accept(all.line());
        } else {
            byStream.put(stream, all);
        }
    }

    /** Gives the pieces without waiting for the rest. */
    public void end(Consumer<String> whole) {
        if (!byStream.isEmpty()) {
            var rest = List.copyOf(byStream.values());
            byStream.clear();
            rest.forEach(held -> whole.accept(held.line()));
        }
    }
}
