// SPDX-License-Identifier: Apache-2.0
package upstreamreset.testing;

import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.extension.Extension;

/**
 * Lets every {@code await()} that names no time wait for a minute, where Awaitility gives up after ten seconds: a machine that has
 * much else to do is no failure. JUnit loads it by its name in {@code META-INF/services}.
 */
public final class Patience implements Extension {
    static {
        Awaitility.setDefaultTimeout(Duration.ofMinutes(1));
    }
}
