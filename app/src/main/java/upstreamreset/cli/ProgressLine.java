// SPDX-License-Identifier: Apache-2.0
package upstreamreset.cli;

import java.io.Console;
import java.io.PrintWriter;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import upstreamreset.output.Progress;
import upstreamreset.output.Thousands;
import upstreamreset.wire.Printable;

/** Shows the progress of long work on stderr: a self-updating line on a terminal, else one line per step. */
final class ProgressLine implements Consumer<Progress>, AutoCloseable {
    private static final int WIDTH = 30;

    private final PrintWriter err;
    private final boolean terminal = isTerminal();
    private boolean shown;
    private String step = "";

    ProgressLine(PrintWriter err) {
        this.err = err;
    }

    /** Whether a person sits at both ends. */
    static boolean isTerminal() {
        return Optional.ofNullable(System.console()).map(Console::isTerminal).orElse(false);
    }

    @Override
    public void accept(Progress progress) {
        if (terminal) {
            show(progress.step() + bar(progress));
        } else if (!progress.step().equals(step)) {
            err.println(progress.step());
        }
        step = progress.step();
    }

    /** For the bytes of {@code name} that have been read, on a terminal; {@code total} is 0 where it is not known. */
    LongConsumer reading(String name, long total) {
        return bytes -> {
            if (terminal) {
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

    private void show(String line) {
        shown = true;
        err.print("\r\033[K" + line);
        err.flush();
    }

    /** Ends the line, if one stands open. */
    @Override
    public void close() {
        if (shown) {
            err.print("\r\033[K");
            err.flush();
        }
    }
}
