// SPDX-License-Identifier: Apache-2.0
package upstreamreset.capture;

/** How an interface counts time (pcapng {@code if_tsresol} and {@code if_tsoffset}), made into nanoseconds since the epoch. */
record TimestampUnit(long perSecond, long offsetNanos) {
    private static final long NANOS = 1_000_000_000L;

    /** A resolution that no clock has counts as microseconds. */
    static TimestampUnit of(int resolution, long offsetSeconds) {
        int exponent = resolution & 0x7F;
        boolean binary = (resolution & 0x80) != 0;
        long perSecond = 1;
        if (exponent > (binary ? 62 : 18)) {
            perSecond = 1_000_000;
        } else if (binary) {
            perSecond = 1L << exponent;
        } else {
            for (int i = 0; i < exponent; i++) {
                perSecond *= 10;
            }
        }
        return new TimestampUnit(perSecond, offsetSeconds * NANOS);
    }

    long nanos(long units) {
        if (perSecond == NANOS) {
            return units + offsetNanos;
        }
        long seconds = Long.divideUnsigned(units, perSecond);
        long rest = Long.remainderUnsigned(units, perSecond);
        return seconds * NANOS + (long) (rest * ((double) NANOS / perSecond)) + offsetNanos;
    }
}
