// SPDX-License-Identifier: Apache-2.0
package upstreamreset.codec;

/**
 * Decides the length that a head's Content-Length lines give, as Envoy's parser does (quiche/balsa/balsa_frame.cc,
 * {@code ProcessContentLengthLine}).
 */
final class ContentLengthLines {
    /** quiche's {@code ContentLengthStatus}. */
    enum Status {
        NONE,
        VALID,
        INVALID,
        OVERFLOW
    }

    private final EnvoyVersion version;
    private Status status = Status.NONE;
    private long length;

    ContentLengthLines(EnvoyVersion version) {
        this.version = version;
    }

    /** Reads one more line; returns whether it contradicts the one before. */
    boolean add(String value) {
        var statusBefore = status;
        long lengthBefore = length;
        status = parse(value);
        if (statusBefore == Status.NONE) {
            return false;
        }
        // quiche of 2026 also compares two unreadable lengths, as far as it read them.
        boolean differs = statusBefore != status || (version.atLeast(1, 38, 0) && lengthBefore != length);
        return differs || status == Status.VALID;
    }

    private Status parse(String value) {
        length = 0;
        if (value.isEmpty()) {
            return Status.INVALID;
        }
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c < '0' || c > '9') {
                return Status.INVALID;
            }
            if (Long.compareUnsigned(length, Long.divideUnsigned(-1L - (c - '0'), 10)) > 0) {
                return Status.OVERFLOW;
            }
            length = 10 * length + c - '0';
        }
        return Status.VALID;
    }

    Status status() {
        return status;
    }

    boolean valid() {
        return status == Status.VALID;
    }

    /** The length that the last line gives, an unsigned number; meaningful only if it is {@link #valid}. */
    long length() {
        return length;
    }
}
