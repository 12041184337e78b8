// SPDX-License-Identifier: Apache-2.0
package upstreamreset.server;

import java.time.Duration;
import upstreamreset.output.Durations;

/**
 * Where the app listens and how a stream runs, each value within its bounds.
 *
 * @param host the address to listen on, a literal or a name
 * @param port the port to listen on; 0 lets the system choose, see {@link AppServer#port}
 * @param chunks how many chunks a stream has
 * @param period the time between two chunks, and before the first
 * @param drain how long running streams may still take after the app was told to stop
 * @param live whether anybody may watch the last responses
 */
public record ServeOptions(String host, int port, int chunks, Duration period, Duration drain, boolean live) {
    /** The address by default: only for this machine. */
    public static final String LOOPBACK = "127.0.0.1";

    public static final int CHUNKS = 5;
    public static final Duration PERIOD = Duration.ofSeconds(1);

    /** The time to drain by default: below the 30 s after which Kubernetes kills. */
    public static final Duration DRAIN = Duration.ofSeconds(25);

    private static final int MAX_CHUNKS = 10_000;
    private static final Duration MAX_DRAIN = Duration.ofHours(1);

    /** Timers tick in milliseconds. */
    private static final Duration MIN_PERIOD = Duration.ofMillis(1);

    /** A client that left is noticed when the next chunk is written, so this bounds how long its socket stays. */
    private static final Duration MAX_PERIOD = Duration.ofMinutes(1);

    public ServeOptions {
        require(!host.isBlank(), "host is empty: expected an address such as 127.0.0.1 or 0.0.0.0");
        require(port >= 0 && port <= 65_535, "port " + port + " is not between 0 and 65535");
        require(chunks >= 1 && chunks <= MAX_CHUNKS, "chunks " + chunks + " is not between 1 and " + MAX_CHUNKS);
        require(
                period.compareTo(MIN_PERIOD) >= 0 && period.compareTo(MAX_PERIOD) <= 0,
                "period of " + Durations.text(period) + " is not between " + Durations.text(MIN_PERIOD) + " and "
                        + Durations.text(MAX_PERIOD));
        require(
                !drain.isNegative() && drain.compareTo(MAX_DRAIN) <= 0,
                "drain of " + Durations.text(drain) + " is not between 0s and " + Durations.text(MAX_DRAIN));
    }

    /** The defaults on a loopback port that the system chooses. */
    public static ServeOptions onFreePort() {
        return new ServeOptions(LOOPBACK, 0, CHUNKS, PERIOD, DRAIN, true);
    }

    /** With the live view. */
    public ServeOptions(String host, int port, int chunks, Duration period, Duration drain) {
        this(host, port, chunks, period, drain, true);
    }

    /** The same with another stream. */
    public ServeOptions withStream(int chunks, Duration period) {
        return new ServeOptions(host, port, chunks, period, drain, live);
    }

    private static void require(boolean fits, String message) {
        if (!fits) {
            throw new IllegalArgumentException(message);
        }
    }
}
