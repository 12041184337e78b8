// SPDX-License-Identifier: Apache-2.0
package upstreamreset.diagnose;

import java.io.ByteArrayOutputStream;
import upstreamreset.accesslog.LogInput;

/** Cuts a log that comes in pieces into lines, and holds no more than one of them, nor more of it than a bound. */
final class LineCutter {
    private static final int MAX_LINE = 128 << 10;

    private final LogInput.Sink lines;
    private final ByteArrayOutputStream pending = new ByteArrayOutputStream();

    LineCutter(LogInput.Sink lines) {
        this.lines = lines;
    }

    void add(byte[] piece) {
        int start = 0;
        for (int i = 0; i < piece.length; i++) {
            if (piece[i] == '\n') {
                keep(piece, start, i);
                end();
                start = i + 1;
            }
        }
        keep(piece, start, piece.length);
    }

    /** What has come is the last line. */
    void end() {
        if (pending.size() > 0) {
            lines.line(pending.toByteArray(), 0, pending.size());
            pending.reset();
        }
    }

    private void keep(byte[] piece, int from, int to) {
        pending.write(piece, from, Math.min(to - from, MAX_LINE - pending.size()));
    }
}
