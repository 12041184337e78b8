// SPDX-License-Identifier: Apache-2.0
package upstreamreset.election;

import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Runs the leader's task on a virtual thread and interrupts it: the owner does when the leadership is lost, a watchdog
 * thread at the renewal deadline. Only the owner starts it, and one at a time.
 */
final class TaskRunner {
    private final LeaderTask task;
    private final Consumer<ElectionNews> listener;
    private final Runnable ended;
    private volatile @Nullable Leadership leadership;
    private volatile @Nullable Thread thread;

    TaskRunner(LeaderTask task, Consumer<ElectionNews> listener, Runnable ended) {
        this.task = task;
        this.listener = listener;
        this.ended = ended;
    }

    void start(Term term, long until) {
        var mine = new Leadership(term, System::nanoTime, until);
        var worker = Thread.ofVirtual().name("leader-task").unstarted(() -> run(mine));
        leadership = mine;
        thread = worker;
        worker.start();
        Thread.ofPlatform().name("leader-watchdog").daemon().start(() -> watch(mine, worker));
    }

    private void run(Leadership mine) {
        try {
            task.lead(mine);
        } catch (InterruptedException e) {
            // It was cut off.
        } catch (RuntimeException | Error e) {
            listener.accept(new ElectionNews.TaskFailed(e));
        } finally {
            mine.revoke();
            ended.run();
        }
    }

    private static void watch(Leadership mine, Thread worker) {
        while (worker.isAlive()) {
            long left = mine.remainingNanos();
            if (left <= 0) {
                mine.revoke();
                worker.interrupt();
                return;
            }
            LockSupport.parkNanos(left);
        }
    }

    void extend(long until) {
        var mine = leadership;
        if (mine != null) {
            mine.extend(until);
        }
    }

    /** Revokes the leadership and interrupts the task. */
    void cutOff() {
        var mine = leadership;
        var worker = thread;
        if (mine != null && worker != null) {
            mine.revoke();
            worker.interrupt();
        }
    }
}
