// SPDX-License-Identifier: Apache-2.0
package upstreamreset.accesslog;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.util.Optional;
import java.util.function.LongConsumer;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/** Reads the lines of a log from a stream, which may be gzipped, as rotated logs are. */
public final class LogInput {
    private static final int GZIP = 0x1F8B;
    private static final int UTF16_LITTLE_ENDIAN = 0xFFFE;
    private static final int UTF16_BIG_ENDIAN = 0xFEFF;

    /** Takes a line without its end; {@code bytes} holds it only during the call. */
    public interface Sink {
        void line(byte[] bytes, int from, int to);
    }

    private LogInput() {}

    /** Answers what kept it from reading all, if something did. */
    public static Optional<String> read(InputStream in, Sink lines, LongConsumer progress) throws IOException {
        var start = new PushbackInputStream(in, 2);
        var first = start.readNBytes(2);
        start.unread(first);
        int magic = first.length < 2 ? 0 : (first[0] & 0xFF) << 8 | (first[1] & 0xFF);
        if (magic == UTF16_LITTLE_ENDIAN || magic == UTF16_BIG_ENDIAN) {
            return Optional.of("it is UTF-16, as PowerShell's > writes it; save it with Out-File -Encoding utf8");
        }
        try {
            BoundedLines.read(magic == GZIP ? new GZIPInputStream(start, 1 << 16) : start, lines, progress);
        } catch (ZipException | EOFException e) {
            return Optional.of("the gzip stream is truncated or damaged; everything before that point was read");
        }
        return Optional.empty();
    }
}
