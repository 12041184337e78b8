// SPDX-License-Identifier: Apache-2.0
package upstreamreset.cli;

import java.io.PrintWriter;
import java.util.function.LongConsumer;

/** Shows on a terminal how much of a file has been read; elsewhere nothing. */
final class ByteProgress implements LongConsumer, AutoCloseable {
    private final PrintWriter err;
    private final String name;
    private final long total;
    private final boolean terminal = ProgressLine.terminal();
    private boolean shown;

    /** {@code total} is 0 where nobody knows. */
    ByteProgress(PrintWriter err, String name, long total) {
        this.err = err;
        this.name = name;
        this.total = total;
    }

    @Override
    public void accept(long bytes) {
        if (terminal) {
            shown = true;
            var of = total == 0 ? "" : " of %,d MB, %d %%".formatted(total >> 20, Math.min(100, 100 * bytes / total));
            err.print("\r\033[K" + name + ": %,d MB".formatted(bytes >> 20) + of);
            err.flush();
        }
    }

    @Override
    public void close() {
        if (shown) {
            err.print("\r\033[K");
            err.flush();
        }
    }
}
