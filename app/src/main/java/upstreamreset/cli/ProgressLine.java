// SPDX-License-Identifier: Apache-2.0
package upstreamreset.cli;

import java.io.Console;
import java.io.PrintWriter;
import java.util.Optional;
import java.util.function.Consumer;
import upstreamreset.output.Progress;

/** Shows on stderr how far long work is: a line that rewrites itself on a terminal, else a line a step. */
final class ProgressLine implements Consumer<Progress>, AutoCloseable {
    private static final int WIDTH = 30;

    private final PrintWriter err;
    private String step = "";

    ProgressLine(PrintWriter err) {
        this.err = err;
    }

    @Override
    public void accept(Progress progress) {
        if (terminal()) {
            err.print("\r\033[K" + progress.step() + bar(progress));
            err.flush();
        } else if (!progress.step().equals(step)) {
            err.println(progress.step());
        }
        step = progress.step();
    }

    private static String bar(Progress progress) {
        if (progress.total() == 0) {
            return "";
        }
        int done = Math.toIntExact(WIDTH * progress.done() / progress.total());
        return " [" + "#".repeat(done) + ".".repeat(WIDTH - done) + "] " + 100 * progress.done() / progress.total()
                + " %";
    }

    static boolean terminal() {
        return Optional.ofNullable(System.console()).map(Console::isTerminal).orElse(false);
    }

    /** Ends the line, if one stands open. */
    @Override
    public void close() {
        if (!step.isEmpty() && terminal()) {
            err.print("\r\033[K");
            err.flush();
        }
        step = "";
    }
}
