// SPDX-License-Identifier: Apache-2.0
package upstreamreset.http1;

import java.util.Optional;

/**
 * Reads a chunk size line (RFC 9112 §7.1).
 *
 * @param size -1 if it cannot be read
 * @param violation the rule that the size or its extension violates
 */
record ChunkSize(long size, Optional<Rule> violation) {
    private static final ChunkSize INVALID = new ChunkSize(-1, Optional.of(Rule.INVALID_CHUNK_SIZE));

    /** Whether it is not a number at all, rather than one that is too large. */
    boolean invalid() {
        return violation.isPresent() && violation.get() == Rule.INVALID_CHUNK_SIZE;
    }

    /** {@code length} bytes without the line end. */
    static ChunkSize read(byte[] bytes, int length) {
        long size = 0;
        int i = 0;
        while (i < length && Character.digit(bytes[i], 16) >= 0) {
            if (size > Long.MAX_VALUE >> 4) {
                return new ChunkSize(-1, Optional.of(Rule.CHUNK_SIZE_OVERFLOW));
            }
            size = size << 4 | Character.digit(bytes[i], 16);
            i++;
        }
        if (i == 0) {
            return INVALID;
        }
        int space = i;
        while (i < length && (bytes[i] == ' ' || bytes[i] == '\t')) {
            i++;
        }
        boolean extension = i < length && bytes[i] == ';';
        if (i < length && i == space && !extension) {
            return INVALID;
        }
        boolean valid = extension || i == space;
        for (int at = i; at < length; at++) {
            valid &= bytes[at] != '\r' && bytes[at] != 0;
        }
        return new ChunkSize(size, valid ? Optional.empty() : Optional.of(Rule.INVALID_CHUNK_EXTENSION));
    }
}
