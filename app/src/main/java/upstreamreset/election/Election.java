// SPDX-License-Identifier: Apache-2.0
package upstreamreset.election;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Drives one {@link Elector} over a store in real time, and runs the leader's task. One owner thread hands events to the
 * elector and executes its actions. Calls, the watch and the task run on threads of their own, so that the owner never waits
 * for any of them; a watchdog thread interrupts the task at the renewal deadline even if the owner is late.
 */
public final class Election implements AutoCloseable {
    /** As client-go's HealthzAdaptor: how long the task may run on after its Lease has run out. */
    private static final Duration MAX_OVERTIME = Duration.ofSeconds(20);

    private final ElectionOptions options;
    private final Consumer<ElectionNews> listener;
    private final Elector elector;
    private final LinkedBlockingQueue<ElectorEvent> events = new LinkedBlockingQueue<>();
    private final StoreCalls store;
    private final TaskRunner runner;
    private final Thread owner;
    private final CountDownLatch ended = new CountDownLatch(1);
    private final TermHistory history = new TermHistory();
    private volatile ElectionStatus status;

    private Election(ElectionOptions options, LeaseStore store, LeaderTask task, Consumer<ElectionNews> listener) {
        this.options = options;
        this.listener = listener;
        this.elector = new Elector(options);
        this.status = elector.status();
        this.store = new StoreCalls(store, events::add);
        this.runner = new TaskRunner(task, listener, () -> events.add(new ElectorEvent.TaskEnded()));
        this.owner = Thread.ofPlatform().name("election").daemon().unstarted(this::own);
    }

    /**
     * Competes from now on. To compete again after the end, start another.
     *
     * @param listener must not block: it is called on the election's own threads
     */
    public static Election start(
            ElectionOptions options, LeaseStore store, LeaderTask task, Consumer<ElectionNews> listener) {
        var election = new Election(options, store, task, listener);
        election.events.add(new ElectorEvent.Started());
        election.owner.start();
        return election;
    }

    /** Stops the task, then releases the Lease. Returns whether both were done in time. */
    public boolean stop(Duration atMost) throws InterruptedException {
        events.add(new ElectorEvent.StopRequested());
        return ended.await(atMost.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** Ends at once; a Lease that is held is left to run out. */
    @Override
    public void close() {
        runner.cutOff();
        owner.interrupt();
    }

    public ElectionStatus status() {
        return status;
    }

    /** The terms that it has seen on the Lease since its start; from any thread. */
    public List<SeenTerm> terms() {
        return history.terms();
    }

    /**
     * Why this process should be restarted, empty if it should not. As for client-go's HealthzAdaptor, its task runs on
     * although its Lease has run out; or the election's thread has died.
     */
    public Optional<String> unhealthy() {
        if (!owner.isAlive() && ended.getCount() > 0) {
            return Optional.of("the election has died");
        }
        return status.sinceRenewal(System.nanoTime())
                .filter(since -> since.compareTo(options.leaseDuration().plus(MAX_OVERTIME)) > 0)
                .map(since -> "failed election to renew leadership on lease " + options.leaseName()
                        + ": its task has not stopped, " + since.toSeconds() + " s after the last renewal");
    }

    private void own() {
        try {
            do {
                turn(next());
            } while (!elector.ended());
            ended.countDown();
        } catch (InterruptedException e) {
            ended.countDown();
        } finally {
            runner.cutOff();
            store.close();
        }
    }

    private ElectorEvent next() throws InterruptedException {
        long now = System.nanoTime();
        var late = store.timedOut(now);
        if (late.isPresent()) {
            return late.get();
        }
        long wake = store.before(elector.wakeAt(now));
        var event = events.poll(Math.max(0, wake - now), TimeUnit.NANOSECONDS);
        if (event != null) {
            return event;
        }
        return store.timedOut(System.nanoTime()).orElseGet(ElectorEvent.Woken::new);
    }

    private void turn(ElectorEvent event) {
        List<ElectorAction> actions = elector.on(new Now(System.nanoTime(), Instant.now()), event);
        // Before the actions, of which some take time.
        status = elector.status();
        history.see(elector.lease().orElse(null), Instant.now());
        for (var action : actions) {
            switch (action) {
                case ElectorAction.StopTask() -> runner.cutOff();
                case ElectorAction.ExtendTask(long until) -> runner.extend(until);
                case ElectorAction.StartTask(var term, long until) -> runner.start(term, until);
                case ElectorAction.Read(int call, var timeout) -> store.read(call, timeout);
                case ElectorAction.Write(int call, var record, var timeout) -> store.write(call, record, timeout);
                case ElectorAction.OpenWatch(int watch, String version) -> store.openWatch(watch, version);
                case ElectorAction.CloseWatch(int _) -> store.closeWatch();
                case ElectorAction.Tell(var news) -> listener.accept(news);
            }
        }
    }
}
