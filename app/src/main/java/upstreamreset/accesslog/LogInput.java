// SPDX-License-Identifier: Apache-2.0
package upstreamreset.accesslog;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.LongConsumer;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/** Reads the lines of a log from a stream, which may be gzipped, as rotated logs are, or UTF-16, as PowerShell writes it. */
public final class LogInput {
    private static final int GZIP = 0x1F8B;
    private static final int UTF16_LITTLE_ENDIAN = 0xFFFE;
    private static final int UTF16_BIG_ENDIAN = 0xFEFF;
    private static final int HIGH_BYTE = 0xFF00;

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
        try {
            BoundedLines.read(decoded(start, magic), lines, progress);
        } catch (ZipException | EOFException e) {
            return Optional.of("the gzip stream is truncated or damaged; everything before that point was read");
        }
        return Optional.empty();
    }

    /** A log begins with a character of ASCII: where a zero is beside it, it is UTF-16 without its mark. */
    private static InputStream decoded(InputStream in, int magic) throws IOException {
        if (magic == GZIP) {
            return new GZIPInputStream(in, 1 << 16);
        }
        if (magic == UTF16_LITTLE_ENDIAN || magic == UTF16_BIG_ENDIAN) {
            return new Utf16Stream(in, StandardCharsets.UTF_16);
        }
        if (magic == 0 || ((magic & HIGH_BYTE) != 0 && (magic & 0xFF) != 0)) {
            return in;
        }
        return new Utf16Stream(in, magic > 0xFF ? StandardCharsets.UTF_16LE : StandardCharsets.UTF_16BE);
    }
}
