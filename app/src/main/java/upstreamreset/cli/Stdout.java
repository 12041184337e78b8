// SPDX-License-Identifier: Apache-2.0
package upstreamreset.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import org.jspecify.annotations.Nullable;

/** The process's standard output, which remembers its first error: a {@code PrintWriter} around it would hide that. */
final class Stdout extends OutputStream {
    /** EPIPE in the words of Java's libraries: the reader has seen enough, like {@code head}; that is not a failure. */
    private static final String PIPE_CLOSED = "Broken pipe";

    /** The one of this process, if it has one. */
    private static volatile @Nullable Stdout current;

    private final OutputStream next;
    private volatile boolean failed;
    private @Nullable String lost;

    Stdout() {
        this(new FileOutputStream(FileDescriptor.out));
    }

    Stdout(OutputStream next) {
        this.next = next;
    }

    /** Makes it the one of this process. */
    void use() {
        current = this;
    }

    /** Whether this process's output accepts no more. */
    static boolean nobodyReads() {
        var stdout = current;
        return stdout != null && stdout.failed;
    }

    /** Why some of it was lost; null where nothing was, or where nobody wanted it. */
    @Nullable
    String lost() {
        return lost;
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        ProgressLine.makeRoom();
        try {
            next.write(bytes, offset, length);
        } catch (IOException e) {
            failed = true;
            var reason = String.valueOf(e.getMessage());
            if (lost == null && !reason.contains(PIPE_CLOSED)) {
                lost = reason;
            }
            throw e;
        }
    }

    @Override
    public void flush() throws IOException {
        next.flush();
    }
}
