// SPDX-License-Identifier: Apache-2.0
package upstreamreset.pod;

import java.time.Duration;

/**
 * The limits that end a capture in a Pod, whichever comes first; enforced inside the Pod, even after this process is
 * gone.
 *
 * @param bytes of the capture, its head included
 * @param snaplen how much of each packet is kept
 */
public record CaptureLimits(Duration time, long bytes, long packets, int snaplen) {
    /** tcpdump's own. */
    public static final int MAX_SNAPLEN = 262_144;

    /** Ethernet, IPv6 and TCP with options: less than that has no payload. */
    public static final int MIN_SNAPLEN = 128;

    /** Below it no packet fits. */
    public static final long MIN_BYTES = 4_096;

    private static final Duration MAX_TIME = Duration.ofHours(1);

    /** @throws IllegalArgumentException with one sentence, which names the option */
    public CaptureLimits {
        if (time.compareTo(Duration.ofSeconds(1)) < 0 || time.compareTo(MAX_TIME) > 0) {
            throw new IllegalArgumentException("--time must be from 1s to 1h");
        }
        if (bytes < MIN_BYTES) {
            throw new IllegalArgumentException("--max-bytes is " + MIN_BYTES + " or more, not " + bytes);
        }
        if (packets < 1 || packets > Integer.MAX_VALUE) {
            throw new IllegalArgumentException(
                    "--max-packets must be from 1 to " + Integer.MAX_VALUE + ", not " + packets);
        }
        if (snaplen < MIN_SNAPLEN || snaplen > MAX_SNAPLEN) {
            throw new IllegalArgumentException(
                    "--snaplen must be from " + MIN_SNAPLEN + " to " + MAX_SNAPLEN + ", not " + snaplen);
        }
    }

    /** In whole seconds, rounded up. */
    long seconds() {
        return time.plusNanos(999_999_999).toSeconds();
    }
}
