// SPDX-License-Identifier: Apache-2.0
package upstreamreset.process;

import java.io.IOException;
import java.io.Reader;
import org.jspecify.annotations.Nullable;

/** The output lines of a child process: lines are truncated to {@value #MAX_LINE} characters. */
public final class ChildLines {
    /** Envoy's access-log line of a request with the longest head that it takes (60 KiB) is shorter. */
    public static final int MAX_LINE = 128 * 1024;

    private final Reader in;
    private final StringBuilder line = new StringBuilder();
    private final char[] block = new char[8192];
    private int from;
    private int to;

    public ChildLines(Reader in) {
        this.in = in;
    }

    /** The next line without its end; null at the end of all. */
    public @Nullable String next() throws IOException {
        boolean some = false;
        while (from < to || fill()) {
            some = true;
            int start = from;
            while (from < to && block[from] != '\n') {
                from++;
            }
            line.append(block, start, Math.min(from - start, MAX_LINE - line.length()));
            if (from < to) {
                from++;
                return take();
            }
        }
        return some ? take() : null;
    }

    private String take() {
        int length = line.length();
        if (length > 0 && line.charAt(length - 1) == '\r') {
            length--;
        }
        var text = line.substring(0, length);
        line.setLength(0);
        return text;
    }

    private boolean fill() throws IOException {
        from = 0;
        to = Math.max(in.read(block), 0);
        return to > 0;
    }
}
