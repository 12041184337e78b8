// SPDX-License-Identifier: Apache-2.0
package upstreamreset.election.simulation;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import upstreamreset.election.LeaseRecord;
import upstreamreset.kubernetes.Failure;

/**
 * One Lease behind a network, with the API server's rules: a write replaces exactly the version it names, creation fails
 * where there is one, versions count up, a watch tells every change in order. A request that its sender has
 * abandoned may still arrive.
 */
final class SimulatedApi {
    /** An answer. */
    sealed interface Answer {
        record State(Optional<LeaseRecord> record) implements Answer {}

        record Failed(Failure failure) implements Answer {}
    }

    private record Change(long version, Optional<LeaseRecord> record) {}

    private static final class Subscription {
        private final int watch;
        private final Watching watching;
        private long deliveredAt;

        Subscription(int watch, Watching watching) {
            this.watch = watch;
            this.watching = watching;
        }
    }

    /** Who watches. */
    interface Watching {
        void opened(int watch);

        void told(int watch, Optional<LeaseRecord> record, String version);

        void closed(int watch, boolean expired);
    }

    private static final long MILLI = 1_000_000;

    private final EventQueue queue;
    private final RandomGenerator random;
    private final List<Change> changes = new ArrayList<>();
    private final Map<String, Subscription> watches = new HashMap<>();
    private final Map<String, Long> silentUntil = new HashMap<>();
    private @Nullable LeaseRecord lease;
    private long version = 100;
    private int uids;
    private long hangsUntil;
    private long refusesUntil;
    private long slowUntil;
    private long slowBy;
    private long errorsUntil;
    private int status;

    SimulatedApi(EventQueue queue, RandomGenerator random) {
        this.queue = queue;
        this.random = random;
    }

    Optional<LeaseRecord> lease() {
        return Optional.ofNullable(lease);
    }

    void read(Consumer<Answer> answer) {
        call(() -> new Answer.State(lease()), answer);
    }

    void write(LeaseRecord record, Consumer<Answer> answer) {
        call(() -> store(record), answer);
    }

    private interface Handling {
        Answer handle();
    }

    private void call(Handling handling, Consumer<Answer> answer) {
        if (queue.now() < refusesUntil) {
            queue.after(
                    MILLI,
                    () -> answer.accept(new Answer.Failed(
                            new Failure(Failure.Kind.UNREACHABLE, "The API server refuses connections."))));
            return;
        }
        queue.after(latency(), () -> arrive(handling, answer));
    }

    private void arrive(Handling handling, Consumer<Answer> answer) {
        if (queue.now() < hangsUntil) {
            // Frozen: it handles the request when it is thawed, if anyone still waits or not.
            queue.at(hangsUntil, () -> arrive(handling, answer));
            return;
        }
        var result = queue.now() < errorsUntil ? new Answer.Failed(error()) : handling.handle();
        queue.after(latency(), () -> {
            if (queue.now() >= refusesUntil) {
                answer.accept(result);
            }
        });
    }

    private Failure error() {
        var message = "The API server answers " + status + ".";
        return switch (status) {
            case 409 -> new Failure(Failure.Kind.CONFLICT, message);
            case 401, 403 -> new Failure(Failure.Kind.FORBIDDEN, message);
            case 429 -> new Failure(Failure.Kind.THROTTLED, message, Duration.ofSeconds(1));
            default -> new Failure(Failure.Kind.REFUSED, message);
        };
    }

    private long latency() {
        long slow = queue.now() < slowUntil ? random.nextLong(slowBy + 1) : 0;
        return MILLI + random.nextLong(9 * MILLI) + slow;
    }

    private Answer store(LeaseRecord record) {
        var present = lease;
        boolean fits = present == null
                ? record.version().isEmpty() && record.uid().isEmpty()
                : present.version().equals(record.version()) && present.uid().equals(record.uid());
        if (!fits) {
            return new Answer.Failed(new Failure(Failure.Kind.CONFLICT, "The Lease has changed."));
        }
        return new Answer.State(Optional.of(put(record)));
    }

    private LeaseRecord put(LeaseRecord record) {
        version++;
        var stored = new LeaseRecord(
                record.uid().isEmpty() ? "uid-" + ++uids : record.uid(),
                Long.toString(version),
                record.metadata(),
                record.holder(),
                record.durationSeconds(),
                record.transitions(),
                record.acquireTime(),
                record.renewTime());
        lease = stored;
        changed(Optional.of(stored));
        return stored;
    }

    private void changed(Optional<LeaseRecord> record) {
        var change = new Change(version, record);
        changes.add(change);
        List.copyOf(watches.entrySet()).forEach(each -> deliver(each.getKey(), each.getValue(), change));
    }

    private void deliver(String candidate, Subscription to, Change change) {
        if (queue.now() < silentUntil.getOrDefault(candidate, 0L)) {
            return;
        }
        // In order, and after an outage.
        to.deliveredAt = Math.max(Math.max(queue.now(), hangsUntil) + latency(), to.deliveredAt + 1);
        queue.at(to.deliveredAt, () -> {
            if (watches.get(candidate) == to) {
                to.watching.told(to.watch, change.record(), Long.toString(change.version()));
            }
        });
    }

    void watch(String candidate, int watch, String from, Watching watching) {
        if (queue.now() < refusesUntil || queue.now() < errorsUntil) {
            queue.after(latency(), () -> watching.closed(watch, false));
            return;
        }
        var subscription = new Subscription(watch, watching);
        queue.at(Math.max(queue.now(), hangsUntil) + latency(), () -> {
            if (!from.isEmpty() && random.nextInt(20) == 0) {
                watching.closed(watch, true);
                return;
            }
            watches.put(candidate, subscription);
            subscription.deliveredAt = queue.now();
            watching.opened(watch);
            if (from.isEmpty()) {
                lease().ifPresent(record -> deliver(candidate, subscription, new Change(version, Optional.of(record))));
            } else {
                changes.stream()
                        .filter(change -> change.version() > Long.parseLong(from))
                        .forEach(change -> deliver(candidate, subscription, change));
            }
        });
    }

    void closeWatch(String candidate) {
        watches.remove(candidate);
    }

    /** Closes it from the server's side. */
    void loseWatch(String candidate) {
        var lost = watches.remove(candidate);
        if (lost != null) {
            queue.after(latency(), () -> lost.watching.closed(lost.watch, false));
        }
    }

    void silence(String candidate, Duration lasting) {
        silentUntil.put(candidate, queue.now() + lasting.toNanos());
    }

    void hang(Duration lasting) {
        hangsUntil = Math.max(hangsUntil, queue.now() + lasting.toNanos());
    }

    void refuse(Duration lasting) {
        refusesUntil = Math.max(refusesUntil, queue.now() + lasting.toNanos());
        List.copyOf(watches.keySet()).forEach(this::loseWatch);
    }

    void slow(Duration by, Duration lasting) {
        slowBy = by.toNanos();
        slowUntil = queue.now() + lasting.toNanos();
    }

    void errors(int newStatus, Duration lasting) {
        status = newStatus;
        errorsUntil = queue.now() + lasting.toNanos();
    }

    void delete() {
        if (lease != null) {
            lease = null;
            version++;
            changed(Optional.empty());
        }
    }

    void edit(Fault.Edit edit) {
        var old = lease;
        if (old == null) {
            return;
        }
        int seconds = old.durationSeconds();
        put(
                switch (edit) {
                    case EMPTY -> edited(old, "", 0, 0);
                    case FOREIGN -> edited(old, "somebody-else", seconds, old.transitions());
                    case NO_HOLDER ->
                        edited(old, "", seconds == LeaseRecord.RELEASED_SECONDS ? 0 : seconds, old.transitions());
                    case SHORT -> old.holder().isEmpty() ? old : edited(old, old.holder(), 1, old.transitions());
                    case TRANSITIONS -> edited(old, old.holder(), seconds, 0);
                    case LABEL -> old;
                });
    }

    private static LeaseRecord edited(LeaseRecord old, String holder, int seconds, int transitions) {
        return new LeaseRecord(
                old.uid(),
                old.version(),
                old.metadata(),
                holder,
                seconds,
                transitions,
                old.acquireTime(),
                old.renewTime());
    }
}
