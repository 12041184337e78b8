// SPDX-License-Identifier: Apache-2.0
package upstreamreset.capture;

/** Numbers of 16, 32 and 64 bits in the byte order of the machine that wrote the capture. */
final class ByteOrderReader {
    private final boolean big;

    ByteOrderReader(boolean big) {
        this.big = big;
    }

    int u16(byte[] bytes, int at) {
        return big ? be16(bytes, at) : le16(bytes, at);
    }

    int i32(byte[] bytes, int at) {
        return big ? be32(bytes, at) : le32(bytes, at);
    }

    long u32(byte[] bytes, int at) {
        return i32(bytes, at) & 0xFFFFFFFFL;
    }

    long i64(byte[] bytes, int at) {
        long first = u32(bytes, at);
        long second = u32(bytes, at + 4);
        return big ? first << 32 | second : second << 32 | first;
    }

    /** Network order. */
    static int be16(byte[] bytes, int at) {
        return (bytes[at] & 0xFF) << 8 | (bytes[at + 1] & 0xFF);
    }

    private static int le32(byte[] bytes, int at) {
        return le16(bytes, at) | le16(bytes, at + 2) << 16;
    }

    private static int le16(byte[] bytes, int at) {
        return (bytes[at] & 0xFF) | (bytes[at + 1] & 0xFF) << 8;
    }

    static int be32(byte[] bytes, int at) {
        return be16(bytes, at) << 16 | be16(bytes, at + 2);
    }

    static long be64(byte[] bytes, int at) {
        return (long) be32(bytes, at) << 32 | (be32(bytes, at + 4) & 0xFFFFFFFFL);
    }
}
