// SPDX-License-Identifier: Apache-2.0
package upstreamreset.tcp;

/**
 * The two ends that packets go between, in an order that does not depend on their direction. Addresses are two longs each,
 * an IPv4 address the lower half of the second.
 */
abstract class FlowKey {
    long aHigh;
    long aLow;
    long bHigh;
    long bLow;

    /** That of a in the upper half, that of b in the lower one. */
    int ports;

    /** Equal for equal ends, and spread over all bits. */
    int hash;

    final boolean between(FlowKey other) {
        return ports == other.ports
                && aLow == other.aLow
                && bLow == other.bLow
                && aHigh == other.aHigh
                && bHigh == other.bHigh;
    }

    /** {@link #hash}, from the rest. */
    final int mixed() {
        long mixed = (aHigh * 31 + aLow) * 31 + (bHigh * 31 + bLow) + ports * 0x9E3779B97F4A7C15L;
        mixed ^= mixed >>> 32;
        mixed *= 0x9E3779B97F4A7C15L;
        return (int) (mixed >>> 32);
    }
}
