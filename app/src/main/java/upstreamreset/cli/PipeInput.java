// SPDX-License-Identifier: Apache-2.0
package upstreamreset.cli;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What comes through a pipe that has a name: a FIFO, or a shell's {@code <(command)}. It is opened by the first read, because
 * that waits for somebody who writes, and a thread that waits there cannot be interrupted.
 */
final class PipeInput extends InputStream {
    private final Path path;
    private @Nullable InputStream in;

    PipeInput(Path path) {
        this.path = path;
    }

    /** Whether {@code operand} names something to read that is neither file nor folder. */
    static boolean isPipe(String operand) {
        try {
            var path = Path.of(operand);
            return Files.isReadable(path) && !Files.isRegularFile(path) && !Files.isDirectory(path);
        } catch (InvalidPathException e) {
            return false;
        }
    }

    @Override
    public int read() throws IOException {
        var one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        if (in == null) {
            in = new FileInputStream(path.toFile());
        }
        return in.read(bytes, offset, length);
    }

    /** 0 before it is open: then it may have to wait. */
    @Override
    public int available() throws IOException {
        return in == null ? 0 : in.available();
    }

    @Override
    public void close() throws IOException {
        if (in != null) {
            in.close();
        }
    }
}
