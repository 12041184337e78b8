// SPDX-License-Identifier: Apache-2.0
package upstreamreset.cli;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/** A stream that also writes every byte read from it to another stream. */
final class CopiedInput extends FilterInputStream {
    private final OutputStream copy;

    CopiedInput(InputStream in, OutputStream copy) {
        super(in);
        this.copy = copy;
    }

    @Override
    public int read() throws IOException {
        int read = super.read();
        if (read >= 0) {
            copy.write(read);
        }
        return read;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        int read = super.read(bytes, offset, length);
        copy.write(bytes, offset, Math.max(read, 0));
        return read;
    }
}
