// SPDX-License-Identifier: Apache-2.0
package upstreamreset.capture;

/** Numbers of 16, 32 and 64 bits in the byte order of the machine that wrote the capture. */
record ByteOrderReader(boolean big) {
    int u16(byte[] bytes, int at) {
        return big ? be16(bytes, at) : le16(bytes, at);
    }

    int i32(byte[] bytes, int at) {
        return big ? be32(bytes, at) : le16(bytes, at) | le16(bytes, at + 2) << 16;
    }

    long u32(byte[] bytes, int at) {
        return Integer.toUnsignedLong(i32(bytes, at));
    }

    long i64(byte[] bytes, int at) {
        long number = be64(bytes, at);
        return big ? number : Long.reverseBytes(number);
    }

    private static int le16(byte[] bytes, int at) {
        return (bytes[at] & 0xFF) | (bytes[at + 1] & 0xFF) << 8;
    }

    /** Network order. */
    static int be16(byte[] bytes, int at) {
        return (bytes[at] & 0xFF) << 8 | (bytes[at + 1] & 0xFF);
    }

    static int be32(byte[] bytes, int at) {
        return be16(bytes, at) << 16 | be16(bytes, at + 2);
    }

    static long be64(byte[] bytes, int at) {
        return (long) be32(bytes, at) << 32 | Integer.toUnsignedLong(be32(bytes, at + 4));
    }
}
