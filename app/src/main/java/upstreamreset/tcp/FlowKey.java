// SPDX-License-Identifier: Apache-2.0
package upstreamreset.tcp;

/**
 * The two ends of a connection, the same for packets of both directions. Addresses are two longs each, an IPv4 address the
 * lower half of the second.
 */
class FlowKey {
    long aHigh;
    long aLow;
    long bHigh;
    long bLow;

    /** That of a in the upper half, that of b in the lower one. */
    int ports;

    /** Which network it was seen in: VLANs, virtual networks and the like mixed; 0 is none. The same addresses may be in several. */
    public long tag;

    FlowKey() {}

    /** A copy of its own. */
    FlowKey(FlowKey other) {
        aHigh = other.aHigh;
        aLow = other.aLow;
        bHigh = other.bHigh;
        bLow = other.bLow;
        ports = other.ports;
        tag = other.tag;
    }

    @Override
    public final boolean equals(Object other) {
        return other instanceof FlowKey key
                && ports == key.ports
                && aLow == key.aLow
                && bLow == key.bLow
                && aHigh == key.aHigh
                && bHigh == key.bHigh
                && tag == key.tag;
    }

    @Override
    public final int hashCode() {
        long mixed = (aHigh * 31 + aLow) * 31 + (bHigh * 31 + bLow) + ports * 0x9E3779B97F4A7C15L + tag;
        mixed ^= mixed >>> 32;
        mixed *= 0x9E3779B97F4A7C15L;
        return (int) (mixed >>> 32);
    }
}
