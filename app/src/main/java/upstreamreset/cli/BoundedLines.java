// SPDX-License-Identifier: Apache-2.0
package upstreamreset.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.Consumer;

/** Reads a stream line by line without ever holding more than one line, and of that no more than a bound. */
final class BoundedLines {
    private static final int LONGEST = 128 * 1024;

    private final Consumer<String> lines;
    private byte[] pending = new byte[1024];
    private int length;

    private BoundedLines(Consumer<String> lines) {
        this.lines = lines;
    }

    /** Hands every line on without its end; what a line has above the bound is dropped. */
    static void read(InputStream in, Consumer<String> lines) throws IOException {
        var reader = new BoundedLines(lines);
        var block = new byte[1 << 18];
        for (int read = in.read(block); read >= 0; read = in.read(block)) {
            reader.block(block, read);
        }
        if (reader.length > 0) {
            reader.line(new byte[0], 0, 0);
        }
    }

    private void block(byte[] block, int read) {
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
            lines.accept(text(block, from, Math.min(to - from, LONGEST)));
        } else {
            keep(block, from, to);
            lines.accept(text(pending, 0, length));
            length = 0;
        }
    }

    private void keep(byte[] block, int from, int to) {
        int kept = Math.min(to - from, LONGEST - length);
        if (length + kept > pending.length) {
            pending = Arrays.copyOf(pending, Math.min(LONGEST, 2 * (length + kept)));
        }
        System.arraycopy(block, from, pending, length, kept);
        length += kept;
    }

    private static String text(byte[] bytes, int from, int length) {
        int end = length > 0 && bytes[from + length - 1] == '\r' ? length - 1 : length;
        return new String(bytes, from, end, StandardCharsets.UTF_8);
    }
}
