// SPDX-License-Identifier: Apache-2.0
package upstreamreset.server;

import java.util.LinkedHashSet;
import java.util.Map;
import java.util.SequencedSet;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xnio.IoUtils;
import org.xnio.StreamConnection;
import org.xnio.XnioExecutor;

/**
 * All open connections: their number and age never exceed the {@link Limits}. If all places are taken, a new connection
 * replaces the one that has waited longest for a request.
 */
final class Connections {
    private static final Logger LOG = LoggerFactory.getLogger(Connections.class);
    private static final long CHECK_MILLIS = 1_000;
    private static final long LOG_NANOS = TimeUnit.MINUTES.toNanos(1);

    private final Limits limits;
    private final MemoryBudget memory;
    private final AtomicInteger open = new AtomicInteger();
    private final Map<XnioExecutor, Lane> lanes = new ConcurrentHashMap<>();
    private final Map<Refusal, LongAdder> refused = new ConcurrentHashMap<>();
    private final Map<Integer, LongAdder> answered = new ConcurrentHashMap<>();

    /**
     * The connections of one IO thread.
     *
     * @param waiting those that wait for a request, for the rest of one or for their client to read, the longest first
     */
    private record Lane(Set<ConnectionGuard> all, SequencedSet<ConnectionGuard> waiting) {}

    private long failures;
    private long nextLog = System.nanoTime();

    Connections(Limits limits) {
        this.limits = limits;
        memory = new MemoryBudget(limits.memoryBytes());
    }

    Limits limits() {
        return limits;
    }

    MemoryBudget memory() {
        return memory;
    }

    int count() {
        return open.get();
    }

    void refused(Refusal why) {
        count(why).increment();
    }

    /** The same, with its answer. */
    void refusedWithAnswer(Refusal why) {
        refused(why);
        answered.computeIfAbsent(why.status(), _ -> new LongAdder()).increment();
    }

    /** Each status code that refusals were answered with, and how often. */
    void eachAnswer(BiConsumer<Integer, Long> receiver) {
        answered.forEach((status, count) -> receiver.accept(status, count.sum()));
    }

    private LongAdder count(Refusal why) {
        return refused.computeIfAbsent(why, _ -> new LongAdder());
    }

    /** Each reason with its count so far, also where that is 0. */
    void eachRefusal(BiConsumer<Refusal, Long> receiver) {
        for (var each : Refusal.values()) {
            receiver.accept(each, count(each).sum());
        }
    }

    /** Logs what a listener did not foresee, with its trace; at most one a minute, and how many there were. */
    synchronized void failed(RuntimeException e) {
        failures++;
        long now = System.nanoTime();
        if (now - nextLog >= 0) {
            LOG.error("A connection failed and was closed; failures since the last such line: {}", failures, e);
            failures = 0;
            nextLog = now + LOG_NANOS;
        }
    }

    /** Takes a new connection and passes it on to {@code receiver}, or closes it. On the connection's IO thread. */
    void accept(StreamConnection connection, Consumer<ConnectionGuard> receiver) {
        int taken = open.incrementAndGet();
        var lane = lane(connection);
        boolean full = taken > limits.connections() && !makeRoom(lane);
        if (full && taken > limits.connections() + limits.probeRoom()) {
            open.decrementAndGet();
            refused(Refusal.TOO_MANY_CONNECTIONS);
            IoUtils.safeClose(connection);
            return;
        }
        var guard = ConnectionGuard.install(connection, this, lane.waiting(), full);
        lane.all().add(guard);
        // Once and first: XNIO keeps each listener that is set, and runs them in their order.
        connection.setCloseListener(_ -> forget(lane, guard));
        guard.run(() -> receiver.accept(guard));
    }

    private void forget(Lane lane, ConnectionGuard guard) {
        if (lane.all().remove(guard)) {
            open.decrementAndGet();
            guard.closed();
        }
    }

    /** Ends the connection of this IO thread that has waited longest; false if none waits. What it costs does not grow with the connections. */
    private static boolean makeRoom(Lane lane) {
        if (lane.waiting().isEmpty()) {
            return false;
        }
        lane.waiting().removeFirst().close(Refusal.MADE_ROOM);
        return true;
    }

    private Lane lane(StreamConnection connection) {
        var thread = connection.getIoThread();
        return lanes.computeIfAbsent(thread, _ -> {
            var lane = new Lane(new LinkedHashSet<>(), new LinkedHashSet<>());
            checkLater(thread, lane);
            return lane;
        });
    }

    private static void checkLater(XnioExecutor thread, Lane lane) {
        Timers.later(
                thread,
                () -> {
                    long now = System.nanoTime();
                    // A copy: what is closed leaves the lane.
                    for (var guard : lane.all().toArray(ConnectionGuard[]::new)) {
                        guard.run(() -> guard.check(now));
                    }
                    checkLater(thread, lane);
                },
                CHECK_MILLIS);
    }
}
