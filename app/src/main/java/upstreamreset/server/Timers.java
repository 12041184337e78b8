// SPDX-License-Identifier: Apache-2.0
package upstreamreset.server;

import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xnio.XnioExecutor;

/** Runs tasks on an IO thread after a time; none where the server is closing. */
final class Timers {
    private static final Logger LOG = LoggerFactory.getLogger(Timers.class);

    private Timers() {}

    static void later(XnioExecutor thread, Runnable task, long millis) {
        try {
            var _ = thread.executeAfter(task, millis, TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            LOG.debug("The server is closing", e);
        }
    }
}
