// SPDX-License-Identifier: Apache-2.0
package upstreamreset.http1;

/** Reads a chunk size line (RFC 9112 §7.1): the size, and whether size and extension are well formed. */
record ChunkSize(long size, Problem problem) {
    enum Problem {
        NONE,
        /** The size is valid, but the rest of the line is no chunk extension (§7.1.1). */
        EXTENSION,
        INVALID,
        OVERFLOW
    }

    boolean invalid() {
        return problem == Problem.INVALID;
    }

    /** {@code length} bytes without the line end. */
    static ChunkSize read(byte[] bytes, int length) {
        long size = 0;
        int i = 0;
        while (i < length && Characters.hex(bytes[i]) >= 0) {
            if (size > Long.MAX_VALUE >> 4) {
                return new ChunkSize(0, Problem.OVERFLOW);
            }
            size = size << 4 | Characters.hex(bytes[i]);
            i++;
        }
        if (i == 0) {
            return new ChunkSize(0, Problem.INVALID);
        }
        int space = i;
        while (i < length && (bytes[i] == ' ' || bytes[i] == '\t')) {
            i++;
        }
        if (i == length) {
            return new ChunkSize(size, i == space ? Problem.NONE : Problem.EXTENSION);
        }
        if (bytes[i] != ';') {
            return new ChunkSize(size, i == space ? Problem.INVALID : Problem.EXTENSION);
        }
        for (int at = i; at < length; at++) {
            if (bytes[at] == '\r' || bytes[at] == 0) {
                return new ChunkSize(size, Problem.EXTENSION);
            }
        }
        return new ChunkSize(size, Problem.NONE);
    }
}
