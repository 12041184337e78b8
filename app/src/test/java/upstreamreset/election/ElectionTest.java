// SPDX-License-Identifier: Apache-2.0
package upstreamreset.election;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import upstreamreset.kubernetes.ApiException;
import upstreamreset.kubernetes.Failure;

/** The driver in real time, on a store in memory that can hang. */
class ElectionTest {
    private final Memory store = new Memory();
    private final List<String> said = new CopyOnWriteArrayList<>();
    private final List<Election> elections = new CopyOnWriteArrayList<>();

    @AfterEach
    void end() {
        store.hang(false);
        elections.forEach(Election::close);
    }

    /** Its deadline is none that a busy machine could miss. */
    private Election start(String identity, LeaderTask task) {
        return start(identity, Duration.ofMinutes(2), Duration.ofMinutes(1), task);
    }

    private Election startWithShortDeadline(LeaderTask task) {
        return start("a_1", Duration.ofSeconds(1), Duration.ofMillis(700), task);
    }

    private Election start(String identity, Duration lease, Duration deadline, LeaderTask task) {
        var options = new ElectionOptions(lease, deadline, Duration.ofMillis(200), "default", "lease", identity);
        var election = Election.start(
                options,
                store,
                task,
                news -> said.add(
                        news instanceof ElectionNews.TaskFailed(var failure)
                                ? failure.toString()
                                : news.getClass().getSimpleName()));
        elections.add(election);
        return election;
    }

    private static void untilCutOff(Leadership leadership) throws InterruptedException {
        while (leadership.holds()) {
            // Until it ends by itself, unless it is renewed; to be revoked is an interrupt.
            TimeUnit.NANOSECONDS.sleep(leadership.remainingNanos());
        }
    }

    @Test
    void stoppingEndsTheTaskBeforeTheLeaseIsReleased() throws Exception {
        var holderAtTheEnd = new CopyOnWriteArrayList<String>();
        var election = start("a_1", leadership -> {
            try {
                untilCutOff(leadership);
            } finally {
                holderAtTheEnd.add(store.holder());
            }
        });
        await().until(() -> election.status().leading());

        assertThat(election.stop(Duration.ofMinutes(1))).isTrue();

        assertThat(holderAtTheEnd).containsExactly("a_1");
        assertThat(store.holder()).isEmpty();
        assertThat(said).containsSubsequence("Became", "Stopping", "Stopped", "Released");
    }

    @Test
    void aStoreThatHangsEndsTheTaskAtTheDeadlineWhateverTheCallDoes() throws Exception {
        var ended = new CountDownLatch(1);
        var election = startWithShortDeadline(leadership -> {
            try {
                untilCutOff(leadership);
            } finally {
                ended.countDown();
            }
        });
        await().until(() -> election.status().leading());

        store.hang(true);

        await().until(() -> ended.getCount() == 0);
        assertThat(store.holder()).isEqualTo("a_1");
        await().until(() -> !election.status().leading());
    }

    @Test
    void aTaskThatBlocksIsInterrupted() {
        var interrupted = new AtomicBoolean();
        var election = startWithShortDeadline(leadership -> {
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                interrupted.set(true);
                throw e;
            }
        });
        await().until(() -> election.status().leading());

        store.hang(true);

        await().untilTrue(interrupted);
    }

    @Test
    void aTaskThatDoesNotStopKeepsTheLeaseAndMakesTheProcessUnhealthyOnlyLater() throws Exception {
        var let = new CountDownLatch(1);
        var election = start("a_1", leadership -> awaitStubbornly(let));
        await().until(() -> election.status().leading());

        assertThat(election.stop(Duration.ofMillis(300))).isFalse();

        assertThat(store.holder()).isEqualTo("a_1");
        assertThat(election.unhealthy()).isEmpty();
        let.countDown();
        assertThat(election.stop(Duration.ofMinutes(1))).isTrue();
        assertThat(store.holder()).isEmpty();
    }

    private static void awaitStubbornly(CountDownLatch let) {
        boolean done = false;
        while (!done) {
            try {
                let.await();
                done = true;
            } catch (InterruptedException e) {
                // As a task that ignores it.
            }
        }
    }

    @Test
    void aTaskThatFailsGivesTheLeadershipUp() {
        var election = start("a_1", leadership -> {
            throw new IllegalStateException("broken");
        });

        await().until(() -> said.contains("Released"));

        assertThat(said).contains("java.lang.IllegalStateException: broken");
        assertThat(election.unhealthy()).isEmpty();
    }

    @Test
    void anElectionCanBeHeldAgainAfterItsEnd() throws Exception {
        var first = start("a_1", ElectionTest::untilCutOff);
        await().until(() -> first.status().leading());
        assertThat(first.stop(Duration.ofMinutes(1))).isTrue();

        var second = start("a_1", ElectionTest::untilCutOff);
        await().until(() -> second.status().leading());

        assertThat(second.status().transitions()).isEqualTo(2);
    }

    /** A Lease in memory with the API server's rules, released at first, so that nobody waits for it; no watch. */
    private static final class Memory implements LeaseStore {
        private boolean hanging;
        private LeaseRecord lease =
                new LeaseRecord("uid", "1", "", "", LeaseRecord.RELEASED_SECONDS, 0, Instant.EPOCH, Instant.EPOCH);
        private int version = 1;

        synchronized String holder() {
            return lease.holder();
        }

        synchronized void hang(boolean now) {
            hanging = now;
            notifyAll();
        }

        private synchronized void maybeHang() throws InterruptedException {
            while (hanging) {
                wait();
            }
        }

        @Override
        public Optional<LeaseRecord> read() throws InterruptedException {
            maybeHang();
            synchronized (this) {
                return Optional.of(lease);
            }
        }

        @Override
        public LeaseRecord write(LeaseRecord record) throws ApiException, InterruptedException {
            maybeHang();
            synchronized (this) {
                if (!record.version().equals(lease.version())) {
                    throw new ApiException(new Failure(Failure.Kind.CONFLICT, "changed"));
                }
                version++;
                lease = new LeaseRecord(
                        "uid",
                        Integer.toString(version),
                        "",
                        record.holder(),
                        record.durationSeconds(),
                        record.transitions(),
                        record.acquireTime(),
                        Instant.EPOCH.plusSeconds(version));
                return lease;
            }
        }

        @Override
        public Watch watch(String from, Watcher watcher) throws ApiException {
            throw new ApiException(new Failure(Failure.Kind.REFUSED, "no watch here"));
        }
    }
}
