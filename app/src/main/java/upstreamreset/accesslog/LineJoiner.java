// SPDX-License-Identifier: Apache-2.0
package upstreamreset.accesslog;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads a log line by line and joins lines that belong together. A line that fits its format does not wait for others.
 * Not thread-safe.
 */
public final class LineJoiner {
    /** Takes the parsed line, the number of its first line, and that line's text. */
    public interface Sink {
        void accept(LogLine line, long number, String text);
    }

    private record Piece(String text, long number, int tried) {}

    /** The last field of Istio's format has no end of its own: the rest of a wrapped one tells nothing that counts. */
    private static final Pattern ROUTE_NAME = Pattern.compile("[a-z0-9.-]{1,60}");

    private static final LogLine SEVERAL = new LogLine.Foreign("it is a JSON array");

    /** A field of a list is no longer. */
    private static final int MAX_SHORT = 100;

    private static final int MIN_KEYS = 3;

    private final LogReader reader;
    private final Predicate<LogLine> isComplete;
    private final Sink sink;
    private List<LineCollector> collectors = List.of();
    private final List<Piece> held = new ArrayList<>();
    private final Deque<Piece> waiting = new ArrayDeque<>();

    /** The collector that holds lines; negative if none does. */
    private int holder = -1;

    private boolean behindRequest;

    public LineJoiner(LogReader reader, Sink sink) {
        this(reader, _ -> true, sink);
    }

    /** {@code isComplete} says whether what the codec says in a line is known, and so not cut. */
    public LineJoiner(LogReader reader, Predicate<LogLine> isComplete, Sink sink) {
        this.reader = reader;
        this.isComplete = isComplete;
        this.sink = sink;
    }

    public void line(String line, long number) {
        take(new Piece(line, number, 0));
        drain();
    }

    /** Reads the held lines without waiting for more. */
    public void end() {
        while (isHolding()) {
            release();
            drain();
        }
    }

    private boolean isHolding() {
        return holder >= 0;
    }

    private void drain() {
        for (@Nullable Piece piece = waiting.poll(); piece != null; piece = waiting.poll()) {
            take(piece);
        }
    }

    private void take(Piece piece) {
        if (isHolding()) {
            switch (collectors.get(holder).next(piece.text())) {
                case MORE -> {
                    held.add(piece);
                    return;
                }
                case LAST -> {
                    held.add(piece);
                    release();
                    return;
                }
                case FOREIGN -> {
                    waiting.addFirst(piece);
                    release();
                    return;
                }
            }
        }
        alone(piece);
    }

    private void alone(Piece piece) {
        if (piece.text().isBlank()) {
            return;
        }
        var text = piece.text();
        boolean array = text.startsWith("[{");
        var line = array ? SEVERAL : reader.asItsFormatHasIt(text);
        if (line instanceof LogLine.Foreign && reader.readsDefaults() && isWorthALook(text)) {
            var parts = JsonParts.lines(text, reader);
            if (!parts.isEmpty()) {
                parts.forEach(part -> accept(part, piece));
                return;
            }
            line = array ? reader.read(text) : reader.orLooser(line, text);
            if ((line instanceof LogLine.Foreign || reader.wasCut()) && isTaken(piece)) {
                return;
            }
        } else if (!(line instanceof LogLine.Foreign)) {
            line = reader.orLooser(line, text);
        }
        if (reader.readsDefaults() && WrappedDebugLine.isRefusal(line) && !isComplete.test(line) && isTaken(piece)) {
            return;
        }
        if (!(behindRequest
                && line instanceof LogLine.Foreign
                && ROUTE_NAME.matcher(text).matches())) {
            accept(line, piece);
        }
    }

    /** Whether more than the glance is worth its time: most lines of other programs are seen through at once. */
    private boolean isWorthALook(String text) {
        char last = text.charAt(text.length() - 1);
        return WrappedDebugLine.mayBegin(text)
                || text.charAt(0) == '|'
                || last == '{'
                || last == '['
                || text.contains("{\"")
                || text.contains("{\u201c")
                || text.contains("{\\\"")
                || reader.isInTable()
                || (text.length() < MAX_SHORT && Character.isLetter(first(text)))
                || text.split("=", MIN_KEYS + 1).length > MIN_KEYS
                || EnvoySigns.in(text);
    }

    private static char first(String text) {
        int at = 0;
        while (at < text.length() - 1 && text.charAt(at) == ' ') {
            at++;
        }
        return text.charAt(at);
    }

    private List<LineCollector> collectors() {
        if (collectors.isEmpty()) {
            collectors = List.of(
                    new WrappedDebugLine(reader, isComplete),
                    new JsonLines(reader),
                    new FieldLines(),
                    new WrappedLine(reader));
        }
        return collectors;
    }

    private boolean isTaken(Piece piece) {
        for (int i = piece.tried(); i < collectors().size(); i++) {
            if (collectors.get(i).begin(piece.text())) {
                holder = i;
                held.add(piece);
                return true;
            }
        }
        return false;
    }

    private void accept(LogLine line, Piece piece) {
        behindRequest = line instanceof LogLine.Access;
        sink.accept(line, piece.number(), piece.text());
    }

    /**
     * Passes on the held lines' combined content; lines that it did not take are read again by the following
     * collectors.
     */
    private void release() {
        int collector = holder;
        holder = -1;
        var reading = collectors.get(collector).end();
        var pieces = List.copyOf(held);
        held.clear();
        reading.lines().forEach(line -> accept(line, pieces.getFirst()));
        for (int i = pieces.size() - 1; i >= reading.used(); i--) {
            var piece = pieces.get(i);
            int tried = reading.used() == 0 ? Math.max(piece.tried(), collector + 1) : piece.tried();
            waiting.addFirst(new Piece(piece.text(), piece.number(), tried));
        }
    }
}
