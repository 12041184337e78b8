// SPDX-License-Identifier: Apache-2.0
package upstreamreset.cli;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** A stream that ends when nobody takes what is told of it: behind {@code | head} one without an end would be read for ever. */
final class WantedInput extends FilterInputStream {
    WantedInput(InputStream in) {
        super(in);
    }

    @Override
    public int read() throws IOException {
        return Stdout.nobodyReads() ? -1 : super.read();
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        return Stdout.nobodyReads() ? -1 : super.read(bytes, offset, length);
    }
}
