// SPDX-License-Identifier: Apache-2.0
package upstreamreset.cli;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import upstreamreset.wire.Bytes;
import upstreamreset.wire.Printable;

/** An option's value from a file or from stdin ({@code -}), within a bound. */
record GivenText(InputStream stdin) {
    private static final int MAX_BYTES = 64 << 20;

    /**
     * The body of a request as curl makes it from {@code --data}: joined by &, with the content of {@code @FILE}
     * without line ends.
     */
    Bytes data(List<String> given) throws IOException {
        var body = new ByteArrayOutputStream();
        for (var each : given) {
            if (body.size() > 0) {
                body.write('&');
            }
            if (!each.startsWith("@")) {
                body.write(each.getBytes(StandardCharsets.UTF_8));
                continue;
            }
            for (byte b : read("--data", each.substring(1))) {
                if (b != '\r' && b != '\n' && b != 0) {
                    body.write(b);
                }
            }
        }
        return Bytes.of(body.toByteArray());
    }

    /** The lines of a list: no empty ones, none that begin with #, and no byte order mark. */
    List<String> list(String option, String file) throws IOException {
        return new String(read(option, file), StandardCharsets.UTF_8)
                .replaceFirst("^\uFEFF", "")
                .lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                .toList();
    }

    private byte[] read(String option, String file) throws IOException {
        if (Files.isDirectory(Path.of(file))) {
            throw new IOException("%s: %s is a folder".formatted(option, Printable.of(file)));
        }
        try (var in = file.equals("-") ? stdin : Files.newInputStream(Path.of(file))) {
            var bytes = in.readNBytes(MAX_BYTES + 1);
            if (bytes.length > MAX_BYTES) {
                throw new IOException(
                        "%s: %s has more than %d MB".formatted(option, Printable.of(file), MAX_BYTES >> 20));
            }
            return bytes;
        } catch (NoSuchFileException e) {
            throw new IOException("%s: there is no file %s".formatted(option, Printable.of(file)), e);
        } catch (AccessDeniedException e) {
            throw new IOException("%s: you may not read %s".formatted(option, Printable.of(file)), e);
        }
    }
}
