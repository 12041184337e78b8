// SPDX-License-Identifier: Apache-2.0
package upstreamreset.inspect;

/** A flow-control window (RFC 9113 §6.9.1): the number of bytes that its sender may send, on one stream or on all. */
final class Http2Window {
    /** That of a connection at first. */
    static final long INITIAL = (1 << 16) - 1;

    private long more;

    /** So many bytes have been sent. */
    void used(long bytes) {
        more -= bytes;
    }

    /** So many bytes more may be sent; whether these are more than a window may have, if it had {@code initial} at first. */
    boolean overflows(long bytes, long initial) {
        more += bytes;
        return initial + more > Integer.MAX_VALUE;
    }
}
