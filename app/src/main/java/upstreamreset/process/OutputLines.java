// SPDX-License-Identifier: Apache-2.0
package upstreamreset.process;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The output of a child, at most {@value #MAX_LINES} lines of it: a thread reads them until the child ends. */
public final class OutputLines {
    private static final int MAX_LINES = 40;

    private final List<String> lines = new ArrayList<>();
    private final boolean first;
    private final Thread reader;

    private OutputLines(GuardedProcess process, boolean first) {
        this.first = first;
        reader = Thread.ofPlatform().daemon().name("program-output").start(() -> read(process));
    }

    /** Reads to the child's end and keeps the last lines. */
    public static OutputLines last(GuardedProcess process) {
        return new OutputLines(process, false);
    }

    /** Reads no more than the first lines. */
    static OutputLines first(GuardedProcess process) {
        return new OutputLines(process, true);
    }

    /** Whether nothing more is read; waits for that, but not longer than {@code patience}. */
    public boolean ended(Duration patience) throws InterruptedException {
        return reader.join(patience);
    }

    /** Whether the child may still print. */
    public boolean open() {
        return reader.isAlive();
    }

    /** The lines so far. */
    public synchronized List<String> lines() {
        return List.copyOf(lines);
    }

    private void read(GuardedProcess process) {
        try {
            var in = new ChildLines(process.output());
            var line = in.next();
            while (line != null && add(line)) {
                line = in.next();
            }
        } catch (IOException e) {
            add(e.toString());
        }
    }

    private synchronized boolean add(String line) {
        lines.add(line);
        if (lines.size() < MAX_LINES) {
            return true;
        }
        if (!first && lines.size() > MAX_LINES) {
            lines.removeFirst();
        }
        return !first;
    }
}
