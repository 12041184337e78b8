// SPDX-License-Identifier: Apache-2.0
package upstreamreset.election.kubernetes;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import upstreamreset.election.LeaderTask;
import upstreamreset.election.Leadership;

/**
 * Runs several tasks concurrently as one, and logs that the leader performs them, as often as {@link TurnLog} says. It
 * returns only after all tasks; a failing task ends alone.
 */
record LeaderLoop(List<LeaderTask> tasks) implements LeaderTask {
    private static final Logger LOG = LoggerFactory.getLogger(LeaderLoop.class);
    private static final Duration PERIOD = Duration.ofSeconds(1);

    LeaderLoop {
        tasks = List.copyOf(tasks);
    }

    @Override
    public void lead(Leadership leadership) throws InterruptedException {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            try {
                tasks.forEach(task -> threads.execute(() -> perform(task, leadership)));
                loop(leadership);
            } finally {
                // Closing waits for them, and would do it in vain: they end when they are interrupted.
                threads.shutdownNow();
            }
        } finally {
            LOG.info("Stopped leader loop");
        }
    }

    private static void loop(Leadership leadership) throws InterruptedException {
        var turns = new TurnLog();
        while (leadership.holds()) {
            int count = turns.next(System.nanoTime());
            if (count == 1) {
                LOG.info("Performing leader tasks...");
            } else if (count > 1) {
                LOG.info("Performing leader tasks... {} times since the last such line", count);
            }
            Thread.sleep(PERIOD);
        }
    }

    private static void perform(LeaderTask task, Leadership leadership) {
        try {
            task.lead(leadership);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            LOG.error("A leader's task failed: {}", e.toString());
        }
    }
}
