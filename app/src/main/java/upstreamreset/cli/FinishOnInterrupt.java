// SPDX-License-Identifier: Apache-2.0
package upstreamreset.cli;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Lets a command that reads from a pipe finish after Ctrl-C: whoever fills the pipe gets the signal too and ends it, and
 * what came until then is still told.
 */
final class FinishOnInterrupt implements AutoCloseable {
    private static final int MAX_SECONDS = 2;

    private final CountDownLatch done = new CountDownLatch(1);
    private final Thread hook = new Thread(this::await, "last-words");

    FinishOnInterrupt() {
        Runtime.getRuntime().addShutdownHook(hook);
    }

    private void await() {
        try {
            done.await(MAX_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        done.countDown();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // The JVM is going down already, and the hook with it.
        }
    }
}
