// SPDX-License-Identifier: Apache-2.0
package upstreamreset.accesslog;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/** Joins a wrapped line of Envoy's own log, if it says why the codec refused bytes. */
final class WrappedDebugLine implements LineCollector {
    private static final int MAX_PIECES = 24;
    private static final int MAX_CHARS = 4 * 1024;

    /** The loggers that say it, in both of the layouts of Envoy's log. */
    private static final Pattern LOGGER = Pattern.compile("\\benvoy (?:client|http2)\\b|]\\[(?:client|http2)](?: |$)");

    private static final Pattern STARTS_ANEW =
            Pattern.compile("(?:\\[pod/[^ ]+] )?\\[?20\\d\\d-\\d\\d-\\d\\d.*|[*<>{].*");

    private final LogReader reader;
    private final Predicate<LogLine> isComplete;
    private final List<String> pieces = new ArrayList<>();

    /** {@code isComplete} says whether what a line says is known, and so not cut. */
    WrappedDebugLine(LogReader reader, Predicate<LogLine> isComplete) {
        this.reader = reader;
        this.isComplete = isComplete;
    }

    /** Whether the line can be the first piece of one; most lines are told apart by a glance. */
    static boolean mayBegin(String line) {
        return (line.contains("client") || line.contains("http2"))
                && LOGGER.matcher(line).find();
    }

    @Override
    public boolean begin(String line) {
        if (line.length() > MAX_CHARS
                || !mayBegin(line)
                || !LooseReader.isApplicationLog(LogWrapping.withoutPodPrefix(line))) {
            return false;
        }
        pieces.clear();
        pieces.add(line);
        return true;
    }

    @Override
    public Step next(String line) {
        if (line.isBlank()
                || pieces.size() == MAX_PIECES
                || pieces.getLast().length() + line.length() > MAX_CHARS
                || STARTS_ANEW.matcher(line).matches()) {
            return Step.FOREIGN;
        }
        pieces.add(line);
        return joined(pieces, isComplete).isEmpty() ? Step.MORE : Step.LAST;
    }

    private List<LogLine> joined(List<String> some, Predicate<LogLine> wanted) {
        for (var join : Wrap.joins(some)) {
            var line = reader.asItsFormatHasIt(join);
            if (isRefusal(line) && wanted.test(line)) {
                return List.of(line);
            }
        }
        return List.of();
    }

    static boolean isRefusal(LogLine line) {
        return line instanceof LogLine.Codec || (line instanceof LogLine.Http2(String text) && !text.isEmpty());
    }

    /** Unknown words end where the pieces end. */
    @Override
    public Reading end() {
        for (int last = 2; last <= pieces.size(); last++) {
            var known = joined(pieces.subList(0, last), isComplete);
            if (!known.isEmpty()) {
                return new Reading(known, last);
            }
        }
        var unknown = pieces.size() > 2 && Wrap.isAtAWidth(pieces) ? joined(pieces, _ -> true) : List.<LogLine>of();
        return unknown.isEmpty() ? Reading.NOTHING : new Reading(unknown, pieces.size());
    }
}
