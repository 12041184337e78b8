// SPDX-License-Identifier: Apache-2.0
package upstreamreset.http2;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Decides whether a client begins HTTP/2, by its first bytes (RFC 9113 §3.4). */
public final class Preface {
    private static final byte[] TEXT = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    /** How many bytes it has. */
    public static final int LENGTH = TEXT.length;

    private Preface() {}

    /** Whether these bytes are the beginning of it, or begin with all of it. */
    public static boolean agrees(ByteBuffer first) {
        int compared = Math.min(first.remaining(), LENGTH);
        return first.slice(first.position(), compared).equals(ByteBuffer.wrap(TEXT, 0, compared));
    }

    /** Whether the bytes [from, to) begin with all of it. */
    public static boolean begins(byte[] bytes, int from, int to) {
        return to - from >= LENGTH && agrees(ByteBuffer.wrap(bytes, from, to - from));
    }

    static byte at(int index) {
        return TEXT[index];
    }
}
