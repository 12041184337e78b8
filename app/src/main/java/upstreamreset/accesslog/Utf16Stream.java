// SPDX-License-Identifier: Apache-2.0
package upstreamreset.accesslog;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;

/** Gives UTF-16, which PowerShell's {@code >} writes, as UTF-8, as far as it has come. */
final class Utf16Stream extends InputStream {
    private final Reader text;
    private final char[] chars = new char[8192];
    private byte[] bytes = new byte[0];
    private int next;

    Utf16Stream(InputStream in, Charset charset) {
        this.text = new InputStreamReader(in, charset);
    }

    @Override
    public int read() throws IOException {
        return fill() ? bytes[next++] & 0xFF : -1;
    }

    @Override
    public int read(byte[] into, int from, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        if (!fill()) {
            return -1;
        }
        int count = Math.min(length, bytes.length - next);
        System.arraycopy(bytes, next, into, from, count);
        next += count;
        return count;
    }

    /** Whether there is a byte to give. */
    private boolean fill() throws IOException {
        while (next == bytes.length) {
            int count = text.read(chars);
            if (count < 0) {
                return false;
            }
            bytes = new String(chars, 0, count).getBytes(StandardCharsets.UTF_8);
            next = 0;
        }
        return true;
    }
}
