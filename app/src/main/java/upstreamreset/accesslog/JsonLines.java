// SPDX-License-Identifier: Apache-2.0
package upstreamreset.accesslog;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Joins JSON that was printed over many lines, or that a terminal wrapped. */
final class JsonLines implements LineCollector {
    private static final int MAX_PIECES = 20_000;
    private static final int MAX_CHARS = 1 << 20;

    private static final Pattern ACCESS_LOG = Pattern.compile("(?:\\[pod/[^ ]+] )?\\[20\\d\\d-\\d\\d-\\d\\dT.*");
    private static final Pattern OPENS =
            Pattern.compile("(?<![A-Za-z0-9_])[{\\[]\\s*(?:$|[\"{\\[\u201c\u201d]|\\\\\")");

    private final LogReader reader;
    private final List<String> pieces = new ArrayList<>();
    private String prefix = "";
    private int chars;
    private int depth;
    private boolean inString;
    private boolean escaped;

    JsonLines(LogReader reader) {
        this.reader = reader;
    }

    @Override
    public boolean begin(String line) {
        var opens = OPENS.matcher(line);
        if (line.length() > MAX_CHARS
                || !opens.find()
                || ACCESS_LOG.matcher(line).matches()) {
            return false;
        }
        pieces.clear();
        depth = 0;
        inString = false;
        escaped = false;
        prefix = line.substring(0, opens.start());
        var text = line.substring(opens.start());
        scan(text);
        // With what stands before it: else the first piece of a wrapped line is shorter than the others.
        pieces.add(line);
        chars = line.length();
        return depth > 0;
    }

    @Override
    public Step next(String line) {
        var text = withoutPrefix(line);
        boolean anew = text.startsWith("{\"") && pieces.getFirst().startsWith("{\"", prefix.length()) && depth == 1;
        if (pieces.size() == MAX_PIECES
                || chars + line.length() > MAX_CHARS
                || anew
                || ACCESS_LOG.matcher(line).matches()) {
            return Step.FOREIGN;
        }
        scan(text);
        pieces.add(text);
        chars += line.length();
        return depth <= 0 ? Step.LAST : Step.MORE;
    }

    /** The prefix that kubectl or a collector puts before each line is before lines of JSON too. */
    private String withoutPrefix(String line) {
        if (!prefix.isEmpty() && line.startsWith(prefix)) {
            return line.substring(prefix.length());
        }
        return prefix.isEmpty() ? line : LogWrapping.withoutPrefix(line);
    }

    private void scan(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (escaped) {
                escaped = false;
                continue;
            }
            switch (text.charAt(i)) {
                case '\\' -> escaped = true;
                case '"', '\u201c', '\u201d', '\u201e' -> inString = !inString;
                case '{', '[' -> depth += inString ? 0 : 1;
                case '}', ']' -> depth -= inString ? 0 : 1;
                default -> {}
            }
        }
    }

    @Override
    public Reading end() {
        var joins = Wrap.joins(pieces);
        for (var join : joins) {
            var lines = JsonParts.lines(join, reader);
            if (!lines.isEmpty()) {
                return new Reading(lines, pieces.size());
            }
        }
        var best = new BestReading(reader);
        best.offer(joins);
        var lines = best.line().stream().toList();
        return new Reading(lines, lines.isEmpty() ? 0 : pieces.size());
    }
}
