// SPDX-License-Identifier: Apache-2.0
package upstreamreset.cli;

import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A bounded copy on disk of a stream, to read it again. It disappears with this process however that ends, because its
 * name is deleted at once. A full disk does not disturb the first reading.
 */
final class Spool implements AutoCloseable {
    static final long MAX_BYTES = 2L << 30;

    // No channel: an interrupt would close it.
    private final InputStream again;
    private final OutputStream copy;
    private final long max;
    private long length;
    private Optional<String> stopped = Optional.empty();

    Spool() throws IOException {
        this(Path.of(System.getProperty("java.io.tmpdir")), MAX_BYTES);
    }

    Spool(Path folder, long max) throws IOException {
        this.max = max;
        Path file;
        try {
            file = Files.createTempFile(folder, "upstream-reset-", ".capture");
        } catch (IOException e) {
            throw new IOException(
                    "cannot create a temporary file in " + folder + " ("
                            + e.getClass().getSimpleName() + ")",
                    e);
        }
        try {
            copy = new FileOutputStream(file.toFile());
            again = new FileInputStream(file.toFile());
        } finally {
            Files.delete(file);
        }
    }

    /** Reads from {@code in} and copies. */
    InputStream of(InputStream in) {
        return new FilterInputStream(in) {
            @Override
            public int read() throws IOException {
                var one = new byte[1];
                return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
            }

            @Override
            public int read(byte[] bytes, int offset, int count) throws IOException {
                int read = super.read(bytes, offset, count);
                keep(bytes, offset, read);
                return read;
            }
        };
    }

    private void keep(byte[] bytes, int offset, int count) {
        if (count <= 0 || stopped.isPresent()) {
            return;
        }
        int kept = (int) Math.min(count, max - length);
        if (kept < count) {
            stopped = Optional.of("more than that is not kept");
        }
        try {
            copy.write(bytes, offset, kept);
            length += kept;
        } catch (IOException e) {
            stopped = Optional.of(String.valueOf(e.getMessage()));
        }
    }

    /** The copy from its beginning; once. */
    InputStream again() {
        return again;
    }

    /** Why the copy has not all, if it has not; a sentence's end. */
    Optional<String> stopped() {
        return stopped.map(why -> "the first " + length + " bytes of it (" + why + ")");
    }

    @Override
    public void close() throws IOException {
        copy.close();
        again.close();
    }
}
