// SPDX-License-Identifier: Apache-2.0
package upstreamreset.election.simulation;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import upstreamreset.election.ElectionNews;
import upstreamreset.election.Elector;
import upstreamreset.election.ElectorAction;
import upstreamreset.election.ElectorEvent;
import upstreamreset.election.Leadership;
import upstreamreset.election.LeaseRecord;
import upstreamreset.election.Now;
import upstreamreset.kubernetes.Failure;

/** One process: an {@link Elector}, its driver and its task, which can be killed, frozen and stuck. */
final class SimulatedCandidate implements SimulatedApi.Watching {
    /** Receives what the process does. */
    interface Observer {
        void news(SimulatedCandidate candidate, ElectionNews news);

        void taskBegan(SimulatedCandidate candidate, Leadership leadership);

        void ticked(SimulatedCandidate candidate);

        void taskReturned(SimulatedCandidate candidate);
    }

    private static final Instant EPOCH = Instant.parse("2026-01-01T00:00:00Z");
    private static final long MILLI = 1_000_000;

    private final String name;
    private final EventQueue queue;
    private final SimulatedApi api;
    private final RandomGenerator random;
    private final Elector elector;
    private final Observer observer;
    private final long tick;
    private final long origin;
    private final List<Runnable> inbox = new ArrayList<>();
    private Duration skew;
    private boolean alive = true;
    private boolean frozen;
    private long stuckUntil;
    private int wakes;
    private @Nullable Leadership working;

    SimulatedCandidate(
            String name,
            Elector elector,
            EventQueue queue,
            SimulatedApi api,
            RandomGenerator random,
            Observer observer,
            Duration tick,
            Duration skew) {
        this.name = name;
        this.elector = elector;
        this.queue = queue;
        this.api = api;
        this.random = random;
        this.observer = observer;
        this.tick = tick.toNanos();
        this.skew = skew;
        // System.nanoTime() may have any origin, also one that overflows soon.
        this.origin = random.nextBoolean() ? random.nextLong() : Long.MAX_VALUE - random.nextLong(60_000_000_000L);
        on(new ElectorEvent.Started());
    }

    String name() {
        return name;
    }

    boolean alive() {
        return alive;
    }

    boolean leading() {
        return alive && elector.status().leading();
    }

    void kill() {
        alive = false;
        inbox.clear();
        api.closeWatch(name);
        if (working != null) {
            working = null;
            observer.taskReturned(this);
        }
    }

    void terminate() {
        whenThawed(() -> on(new ElectorEvent.StopRequested()));
    }

    void freeze(Duration lasting) {
        if (alive && !frozen) {
            frozen = true;
            queue.after(lasting.toNanos(), this::thaw);
        }
    }

    /** Everything that waited comes at once, the timers before or after the answers. */
    private void thaw() {
        frozen = false;
        if (!alive) {
            return;
        }
        var waiting = List.copyOf(inbox);
        inbox.clear();
        if (random.nextBoolean()) {
            on(new ElectorEvent.Woken());
        }
        waiting.forEach(this::whenThawed);
    }

    void skew(Duration by) {
        skew = by;
    }

    void stick(Duration lasting) {
        stuckUntil = Math.max(stuckUntil, queue.now() + lasting.toNanos());
    }

    private void whenThawed(Runnable what) {
        if (frozen) {
            inbox.add(what);
        } else if (alive) {
            what.run();
        }
    }

    private long nanos() {
        return queue.now() + origin;
    }

    private void on(ElectorEvent event) {
        var wall = EPOCH.plusNanos(queue.now()).plus(skew);
        elector.on(new Now(nanos(), wall), event).forEach(this::act);
        int wake = ++wakes;
        long delay = Math.max(0, elector.wakeAt(nanos()) - nanos());
        // A timer may be late.
        queue.after(
                delay + random.nextLong(MILLI),
                () -> whenThawed(() -> {
                    if (wake == wakes) {
                        on(new ElectorEvent.Woken());
                    }
                }));
    }

    private void act(ElectorAction action) {
        switch (action) {
            case ElectorAction.Read(int call, Duration timeout) -> {
                timeOut(call, timeout);
                api.read(answer -> whenThawed(() -> on(event(call, answer, true))));
            }
            case ElectorAction.Write(int call, LeaseRecord record, Duration timeout) -> {
                timeOut(call, timeout);
                api.write(record, answer -> whenThawed(() -> on(event(call, answer, false))));
            }
            case ElectorAction.OpenWatch(int watch, String version) -> api.watch(name, watch, version, this);
            case ElectorAction.CloseWatch(int _) -> api.closeWatch(name);
            case ElectorAction.StartTask(var term, long until) -> startTask(new Leadership(term, this::nanos, until));
            case ElectorAction.ExtendTask(long until) -> {
                if (working != null) {
                    working.extend(until);
                }
            }
            case ElectorAction.StopTask() -> {
                if (working != null) {
                    var stopping = working;
                    stopping.revoke();
                    queue.after(random.nextLong(20 * MILLI), () -> whenThawed(() -> step(stopping)));
                }
            }
            case ElectorAction.Tell(var news) -> observer.news(this, news);
        }
    }

    private void timeOut(int call, Duration timeout) {
        var failure = new Failure(Failure.Kind.TIMEOUT, "No answer within " + timeout.toMillis() + " ms.");
        queue.after(timeout.toNanos(), () -> whenThawed(() -> on(new ElectorEvent.Failed(call, failure))));
    }

    private static ElectorEvent event(int call, SimulatedApi.Answer answer, boolean read) {
        return switch (answer) {
            case SimulatedApi.Answer.State(var record) ->
                read ? new ElectorEvent.Read(call, record) : new ElectorEvent.Written(call, record.orElseThrow());
            case SimulatedApi.Answer.Failed(var failure) -> new ElectorEvent.Failed(call, failure);
        };
    }

    private void startTask(Leadership leadership) {
        working = leadership;
        observer.taskBegan(this, leadership);
        queue.after(random.nextLong(5 * MILLI), () -> whenThawed(() -> step(leadership)));
    }

    /** One turn of the task's loop. */
    private void step(Leadership leadership) {
        if (working != leadership) {
            return;
        }
        if (queue.now() < stuckUntil) {
            queue.at(stuckUntil, () -> whenThawed(() -> step(leadership)));
        } else if (leadership.holds()) {
            observer.ticked(this);
            queue.after(tick, () -> whenThawed(() -> step(leadership)));
        } else {
            working = null;
            observer.taskReturned(this);
            on(new ElectorEvent.TaskEnded());
        }
    }

    @Override
    public void opened(int watch) {
        whenThawed(() -> on(new ElectorEvent.WatchOpened(watch)));
    }

    @Override
    public void told(int watch, Optional<LeaseRecord> record, String version) {
        whenThawed(() -> on(record.<ElectorEvent>map(seen -> new ElectorEvent.Seen(watch, seen))
                .orElseGet(() -> new ElectorEvent.Deleted(watch, version))));
    }

    @Override
    public void closed(int watch, boolean expired) {
        whenThawed(() -> on(new ElectorEvent.WatchClosed(watch, expired)));
    }
}
