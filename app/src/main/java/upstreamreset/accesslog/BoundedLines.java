// SPDX-License-Identifier: Apache-2.0
package upstreamreset.accesslog;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.function.LongConsumer;

/** Splits a stream of pieces into lines; it never holds more than one line, and of that at most a bounded part. */
public final class BoundedLines {
    private static final int MAX_LINE = 128 * 1024;
    private static final long PROGRESS_STEP = 1 << 24;

    private final LogInput.Sink lines;
    private byte[] pending = new byte[1024];
    private int length;

    public BoundedLines(LogInput.Sink lines) {
        this.lines = lines;
    }

    /** Passes on every line of a stream, truncated at the limit. {@code progress} gets the number of bytes read. */
    static void read(InputStream in, LogInput.Sink lines, LongConsumer progress) throws IOException {
        var reader = new BoundedLines(lines);
        var block = new byte[1 << 18];
        long total = 0;
        for (int read = in.read(block); read >= 0; read = in.read(block)) {
            reader.add(block, read);
            if ((total + read) / PROGRESS_STEP > total / PROGRESS_STEP) {
                progress.accept(total + read);
            }
            total += read;
        }
        reader.end();
    }

    /** What has come is the last line. */
    public void end() {
        if (length > 0) {
            line(new byte[0], 0, 0);
        }
    }

    /** Takes the first {@code read} bytes of {@code block}, and hands on the lines that end in it. */
    public void add(byte[] block, int read) {
        int start = 0;
        for (int i = 0; i < read; i++) {
            if (block[i] == '\n') {
                line(block, start, i);
                start = i + 1;
            }
        }
        keep(block, start, read);
    }

    private void line(byte[] block, int from, int to) {
        if (length == 0) {
            hand(block, from, Math.min(to, from + MAX_LINE));
        } else {
            keep(block, from, to);
            hand(pending, 0, length);
            length = 0;
        }
    }

    private void hand(byte[] bytes, int from, int to) {
        lines.line(bytes, from, to > from && bytes[to - 1] == '\r' ? to - 1 : to);
    }

    private void keep(byte[] block, int from, int to) {
        int kept = Math.min(to - from, MAX_LINE - length);
        if (length + kept > pending.length) {
            pending = Arrays.copyOf(pending, Math.min(MAX_LINE, 2 * (length + kept)));
        }
        System.arraycopy(block, from, pending, length, kept);
        length += kept;
    }
}
