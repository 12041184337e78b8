// SPDX-License-Identifier: Apache-2.0
package upstreamreset.election;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import upstreamreset.kubernetes.ApiException;
import upstreamreset.kubernetes.Failure;

/**
 * Makes an elector's calls on virtual threads and turns their results into events. A late call is abandoned: its thread
 * is interrupted, and a later response carries an old number and is ignored. For the owner's thread only.
 */
final class StoreCalls {
    private record Pending(int number, long until, Duration timeout, Thread thread) {}

    private final LeaseStore store;
    private final Consumer<ElectorEvent> events;
    private @Nullable Pending pending;
    private @Nullable OpenWatch watch;

    StoreCalls(LeaseStore store, Consumer<ElectorEvent> events) {
        this.store = store;
        this.events = events;
    }

    void read(int call, Duration timeout) {
        ask(call, timeout, () -> new ElectorEvent.Read(call, store.read()));
    }

    void write(int call, LeaseRecord record, Duration timeout) {
        ask(call, timeout, () -> new ElectorEvent.Written(call, store.write(record)));
    }

    private void ask(int call, Duration timeout, Callable<ElectorEvent> asking) {
        var thread = Thread.ofVirtual().name("lease-call").unstarted(() -> {
            try {
                events.accept(asking.call());
            } catch (ApiException e) {
                events.accept(new ElectorEvent.Failed(call, e.failure()));
            } catch (InterruptedException e) {
                // Given up.
            } catch (Exception e) {
                events.accept(new ElectorEvent.Failed(call, new Failure(Failure.Kind.REFUSED, String.valueOf(e))));
            }
        });
        pending = new Pending(call, System.nanoTime() + timeout.toNanos(), timeout, thread);
        thread.start();
    }

    /** The event of the call that is too late by now. */
    Optional<ElectorEvent> timedOut(long now) {
        var call = pending;
        if (call == null || now - call.until() < 0) {
            return Optional.empty();
        }
        pending = null;
        if (!call.thread().isAlive()) {
            // Its answer is in the queue.
            return Optional.empty();
        }
        call.thread().interrupt();
        return Optional.of(new ElectorEvent.Failed(
                call.number(),
                new Failure(
                        Failure.Kind.TIMEOUT,
                        "The API server has not answered within "
                                + call.timeout().toMillis() + " ms.")));
    }

    /** {@code wake}, or the time when the call under way is too late, if that is before. */
    long before(long wake) {
        var call = pending;
        return call != null && call.until() - wake < 0 ? call.until() : wake;
    }

    void openWatch(int number, String version) {
        closeWatch();
        var opening = new OpenWatch(number, events);
        watch = opening;
        opening.open(store, version);
    }

    void closeWatch() {
        var open = watch;
        if (open != null) {
            watch = null;
            open.close();
        }
    }

    void close() {
        closeWatch();
        var call = pending;
        if (call != null) {
            call.thread().interrupt();
        }
    }
}
