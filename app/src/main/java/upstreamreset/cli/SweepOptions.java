// SPDX-License-Identifier: Apache-2.0
package upstreamreset.cli;

import java.time.Duration;
import upstreamreset.lab.Lab;
import upstreamreset.server.ServeOptions;

/** The lab of a command that runs many scenarios: the shortest that comes to the same. */
final class SweepOptions {
    private static final Duration PERIOD = Duration.ofMillis(10);

    /** For the last bytes to reach the client: nobody waits for the second that Envoy holds a cut connection open. */
    private static final Duration GRACE = Duration.ofMillis(100);

    static final Lab.Options LAB =
            new Lab.Options(false, ServeOptions.onFreePort().withStream(ServeOptions.CHUNKS, PERIOD), GRACE);

    private SweepOptions() {}
}
