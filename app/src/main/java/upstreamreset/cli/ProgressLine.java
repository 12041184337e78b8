// SPDX-License-Identifier: Apache-2.0
package upstreamreset.cli;

import java.io.Console;
import java.io.PrintWriter;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;
import upstreamreset.output.Progress;
import upstreamreset.output.Thousands;
import upstreamreset.wire.Printable;

/** Shows the progress of long work on stderr: a self-updating line on a terminal, else one line per step. */
final class ProgressLine implements Consumer<Progress>, AutoCloseable {
    /** The launchers set it to the columns of the terminal that stderr is, or to {@code none}: a JVM cannot see that. */
    static final String PROPERTY = "upstreamreset.progress";

    private static final int WIDTH = 30;
    private static final int DEFAULT_COLUMNS = 80;

    /** The one that stands open on the terminal. */
    private static volatile @Nullable ProgressLine open;

    private final PrintWriter err;
    private final int columns;
    private boolean shown;
    private String step = "";

    ProgressLine(PrintWriter err) {
        this(err, columns(System.getProperty(PROPERTY), System.getenv("TERM")));
    }

    /** For a terminal of so many columns; 0 is none. */
    ProgressLine(PrintWriter err, int columns) {
        this.err = err;
        this.columns = columns;
    }

    /** Those of the terminal that stderr is, 0 where it is none or cannot rewrite a line. */
    static int columns(@Nullable String told, @Nullable String term) {
        if ("dumb".equals(term)) {
            return 0;
        }
        if (told == null) {
            return isTerminal() ? DEFAULT_COLUMNS : 0;
        }
        try {
            int columns = Integer.parseInt(told);
            // A terminal that does not know its size says 0.
            return columns == 0 ? DEFAULT_COLUMNS : Math.max(0, columns);
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    /** Whether a person sits at both ends. */
    static boolean isTerminal() {
        return Optional.ofNullable(System.console()).map(Console::isTerminal).orElse(false);
    }

    @Override
    public void accept(Progress progress) {
        if (columns > 0) {
            show(progress.step() + bar(progress));
        } else if (!progress.step().equals(step)) {
            err.println(progress.step());
        }
        step = progress.step();
    }

    /** For the bytes of {@code name} that have been read, on a terminal; {@code total} is 0 if it is not known. */
    LongConsumer reading(String name, long total) {
        return bytes -> {
            if (columns > 0) {
                var of = total == 0 ? "" : " of " + megabytes(total) + ", " + Math.min(100, 100 * bytes / total) + " %";
                show(Printable.words(name) + ": " + megabytes(bytes) + of);
            }
        };
    }

    private static String megabytes(long bytes) {
        return Thousands.of(bytes >> 20) + " MB";
    }

    private static String bar(Progress progress) {
        if (progress.total() == 0) {
            return "";
        }
        int done = Math.toIntExact(WIDTH * progress.done() / progress.total());
        return " [" + "#".repeat(done) + ".".repeat(WIDTH - done) + "] " + 100 * progress.done() / progress.total()
                + " %";
    }

    /** On one line: of one that goes on in the next, only the end would be rewritten. */
    private synchronized void show(String line) {
        shown = true;
        open = this;
        int end = Math.min(line.length(), Math.max(1, columns - 1));
        err.print("\r\033[K" + (end < line.length() ? line.substring(0, end - 1) + "…" : line));
        err.flush();
    }

    /** Removes the open line, if there is one, before other output; the next step prints it again. */
    static void makeRoom() {
        var line = open;
        if (line != null) {
            line.close();
        }
    }

    /** Ends the line, if one is open. */
    @Override
    public synchronized void close() {
        if (shown) {
            shown = false;
            open = null;
            err.print("\r\033[K");
            err.flush();
        }
    }
}
