// SPDX-License-Identifier: Apache-2.0
package upstreamreset.origin;

import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;

/** Requests as a correct proxy or client sends them: RFC 9112 §6.3, without its error cases. */
final class Http1RequestReader implements RequestReader {
    private static final int LONGEST_LINE = 1 << 20;

    private final InputStream in;
    private long contentLength;
    private boolean chunked;

    Http1RequestReader(InputStream in) {
        this.in = in;
    }

    @Override
    public boolean head() throws IOException {
        contentLength = 0;
        chunked = false;
        in.mark(1);
        if (in.read() < 0) {
            return false;
        }
        in.reset();
        for (var line = line(); !line.isEmpty(); line = line()) {
            var field = line.toLowerCase(Locale.ROOT);
            if (field.startsWith("content-length:")) {
                contentLength =
                        number(field.substring("content-length:".length()).strip(), 10);
            } else if (field.startsWith("transfer-encoding:")) {
                chunked = field.endsWith("chunked");
            }
        }
        return true;
    }

    @Override
    public void body() throws IOException {
        in.skipNBytes(contentLength);
        if (!chunked) {
            return;
        }
        for (var size = number(line().split(";", 2)[0].strip(), 16);
                size > 0;
                size = number(line().split(";", 2)[0], 16)) {
            in.skipNBytes(size + 2);
        }
        while (!line().isEmpty()) {
            // a trailer
        }
    }

    private static long number(String digits, int radix) throws IOException {
        try {
            return Long.parseUnsignedLong(digits, radix);
        } catch (NumberFormatException e) {
            throw new IOException("the request's length is not a number", e);
        }
    }

    private String line() throws IOException {
        var line = new StringBuilder();
        for (int b = in.read(); b != '\n'; b = in.read()) {
            if (b < 0 || line.length() > LONGEST_LINE) {
                throw new IOException("the request ends, or does not end, in its head");
            }
            line.append((char) b);
        }
        if (!line.isEmpty() && line.charAt(line.length() - 1) == '\r') {
            line.setLength(line.length() - 1);
        }
        return line.toString();
    }
}
