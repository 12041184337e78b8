// SPDX-License-Identifier: Apache-2.0
package upstreamreset.server;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** Waits on an object's monitor, which is notified of each change of what is waited for. */
final class Monitor {
    private Monitor() {}

    /** Waits until {@code done}, asked by the monitor's owner, or for the given time. */
    static void await(Object monitor, BooleanSupplier done, Duration atMost) throws InterruptedException {
        synchronized (monitor) {
            long until = System.nanoTime() + atMost.toNanos();
            long left = atMost.toNanos();
            while (!done.getAsBoolean() && left > 0) {
                TimeUnit.NANOSECONDS.timedWait(monitor, left);
                left = until - System.nanoTime();
            }
        }
    }
}
