// SPDX-License-Identifier: Apache-2.0
package upstreamreset.election;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import upstreamreset.kubernetes.Failure;

/**
 * Decides who leads, as client-go's leaderelection.go does: a pure state machine from events to actions. It reads no
 * clock, starts no thread and knows no store, so that one owner thread or a simulation can drive it. Every {@code long}
 * time is in nanoseconds on the monotonic clock.
 *
 * <p>Two invariants make it safe. First, the leader's task runs only from an acknowledged acquisition until the renewal
 * deadline, counted from the <em>sending</em> of the last acknowledged write; others wait for a lease duration after
 * they have <em>seen</em> that write. Second, the Lease is released only after the task has returned. This file has
 * over 300 lines so that its phases can be read side by side.
 */
public final class Elector {
    private final ElectionOptions options;
    private final String identity;
    private final long leaseNanos;
    private final long retryNanos;
    private final RenewalDeadline deadline;
    private final LeaseView lease;
    private final WatchState watch;
    private final Backoff backoff;
    private final Calls calls = new Calls();
    private final List<ElectorAction> actions = new ArrayList<>();

    private Phase phase = new Phase.Ended();
    private boolean stopRequested;
    private boolean mustRead;
    private String leader = "";
    private long slowRenewals;

    public Elector(ElectionOptions options) {
        this.options = options;
        this.identity = options.identity();
        this.leaseNanos = options.leaseDuration().toNanos();
        this.retryNanos = options.retryPeriod().toNanos();
        this.deadline = new RenewalDeadline(options.renewalDeadline().toNanos(), retryNanos);
        this.lease = new LeaseView(options);
        this.watch = new WatchState(retryNanos);
        this.backoff = new Backoff(retryNanos, leaseNanos);
    }

    /** Processes an event and returns the actions to take, in order. */
    public List<ElectorAction> on(Now now, ElectorEvent event) {
        actions.clear();
        keepDeadline(now.nanos());
        handle(now, event);
        keepDeadline(now.nanos());
        proceed(now);
        return List.copyOf(actions);
    }

    private void handle(Now now, ElectorEvent event) {
        switch (event) {
            case ElectorEvent.Started() -> start(now.nanos());
            case ElectorEvent.Woken() -> {}
            case ElectorEvent.StopRequested() -> requestStop();
            case ElectorEvent.TaskEnded() -> taskEnded(now.nanos());
            case ElectorEvent.Read(int number, var record) ->
                calls.answered(number).ifPresent(answered -> wasRead(now, record.orElse(null)));
            case ElectorEvent.Written(int number, var record) ->
                calls.answered(number).ifPresent(answered -> wasWritten(now, answered, record));
            case ElectorEvent.Failed(int number, var failure) ->
                calls.answered(number).ifPresent(answered -> hasFailed(now.nanos(), answered, failure));
            case ElectorEvent.WatchOpened(int number) -> watch.opened(number, now.nanos());
            case ElectorEvent.WatchClosed(int number, boolean expired) -> {
                if (watch.closed(number, now.nanos()) && expired) {
                    lease.forget();
                }
            }
            case ElectorEvent.Seen(int number, var record) -> {
                if (watch.heard(number, record.version()) && !lease.passed(record.version())) {
                    lease.observeSkew(now.wall(), record);
                    see(now.nanos(), record, record.version());
                }
            }
            case ElectorEvent.Deleted(int number, String version) -> {
                if (watch.heard(number, version) && !lease.passed(version)) {
                    see(now.nanos(), null, version);
                }
            }
        }
    }

    private void start(long now) {
        if (phase instanceof Phase.Ended) {
            phase = new Phase.Candidate();
            stopRequested = false;
            lease.forget();
            backoff.pauseUntil(now);
            watch.begin(now);
        }
    }

    private void requestStop() {
        stopRequested = true;
        if (phase instanceof Phase.Leading(Term term)) {
            stopTask(term, false, "shutdown");
        }
    }

    private void stopTask(Term term, boolean lost, String why) {
        phase = new Phase.Stopping(term, lost);
        actions.add(new ElectorAction.StopTask());
        tell(new ElectionNews.Stopping(term, why));
    }

    private void taskEnded(long now) {
        switch (phase) {
            case Phase.Leading(Term term) -> {
                tell(new ElectionNews.Stopping(term, "its task ended"));
                ended(now, term, false);
            }
            case Phase.Stopping(Term term, boolean lost) -> ended(now, term, lost);
            case Phase.Candidate(), Phase.Releasing(Term _), Phase.Ended() -> {}
        }
    }

    private void ended(long now, Term term, boolean lost) {
        tell(new ElectionNews.Stopped(term));
        // After an outage the Lease may still be ours: a release in time spares the others their wait.
        boolean release = !lost || (stopRequested && lease.shows(term));
        phase = release ? new Phase.Releasing(term) : new Phase.Candidate();
        backoff.pauseUntil(now);
    }

    /** Stops the task at the renewal deadline, whatever call is under way. */
    private void keepDeadline(long now) {
        if (phase instanceof Phase.Leading(Term term) && deadline.passed(now)) {
            stopTask(term, true, "no renewal for %.1f s".formatted((now - deadline.renewedAt()) / 1e9));
        }
    }

    private void succeeded(long now, boolean reading) {
        if (backoff.succeeded(now, reading)) {
            tell(new ElectionNews.Recovered());
        }
    }

    private void wasRead(Now now, @Nullable LeaseRecord record) {
        succeeded(now.nanos(), true);
        boolean checking = !mustRead && lease.known();
        mustRead = false;
        if (see(now.nanos(), record, record == null ? "" : record.version()) && checking) {
            watch.missedSomething(now.nanos(), actions);
        }
    }

    /** Takes in a state of the Lease. A leader stops at once where it is no longer the holder. */
    private boolean see(long now, @Nullable LeaseRecord record, String version) {
        boolean changed = lease.see(now, record, version);
        var holder = record == null ? "" : record.holder();
        if (!holder.equals(leader)) {
            leader = holder;
            tell(new ElectionNews.Leader(holder));
        }
        switch (phase) {
            case Phase.Leading(Term term) when !lease.shows(term) -> stopTask(term, true, lease.standing());
            case Phase.Stopping(Term term, boolean _) when !lease.shows(term) -> phase = new Phase.Stopping(term, true);
            case Phase.Releasing(Term term)
            when !lease.shows(term) -> {
                // The watch may report our own release before the response does.
                if (lease.showsReleaseOf(term)) {
                    tell(new ElectionNews.Released(term));
                }
                phase = new Phase.Candidate();
            }
            case Phase.Leading(Term _), Phase.Stopping(Term _, boolean _), Phase.Releasing(Term _) -> {}
            case Phase.Candidate() -> {
                if (changed && holder.isEmpty() && (record == null || !record.released())) {
                    tell(new ElectionNews.Waiting(lease.standing()));
                }
            }
            case Phase.Ended() -> {}
        }
        return changed;
    }

    private void wasWritten(Now now, Calls.Call answered, LeaseRecord record) {
        succeeded(now.nanos(), false);
        boolean passed = lease.passed(record.version());
        watch.expect(record.version());
        switch (answered.purpose()) {
            case READ -> throw new IllegalStateException("a read was answered as a write");
            case RELEASE -> {
                if (phase instanceof Phase.Releasing(Term term)) {
                    tell(new ElectionNews.Released(term));
                    phase = new Phase.Candidate();
                }
                // Another replica gets its chance, where this one did not shut down.
                backoff.pauseUntil(now.nanos() + retryNanos);
            }
            case ACQUIRE -> {
                lease.claimed(Term.of(record), answered.sentAt());
                if (!passed) {
                    acquired(now.nanos(), Term.of(record), answered.sentAt());
                }
            }
            case RENEW -> {
                lease.claimed(Term.of(record), answered.sentAt());
                deadline.renewed(answered.sentAt());
                if (phase instanceof Phase.Leading) {
                    actions.add(new ElectorAction.ExtendTask(deadline.at()));
                }
            }
        }
        if (!passed) {
            see(now.nanos(), record, record.version());
        }
    }

    private void acquired(long now, Term term, long sentAt) {
        deadline.renewed(sentAt);
        if (stopRequested) {
            phase = new Phase.Releasing(term);
        } else if (!deadline.passed(now)) {
            phase = new Phase.Leading(term);
            leader = identity;
            tell(new ElectionNews.Became(term));
            actions.add(new ElectorAction.StartTask(term, deadline.at()));
        }
        // Otherwise the process was frozen between request and response: it is a candidate again, and may take its own
        // term at once.
    }

    private void hasFailed(long now, Calls.Call answered, Failure failure) {
        if (answered.purpose() == Calls.Purpose.RENEW && !backoff.failing()) {
            slowRenewals++;
        }
        if (failure.kind() == Failure.Kind.CONFLICT) {
            mustRead = true;
            backoff.conflict(now);
            return;
        }
        // The write may have been stored, or may still be.
        mustRead |= failure.kind() == Failure.Kind.TIMEOUT && answered.purpose() != Calls.Purpose.RENEW;
        long left = holds() ? deadline.left(now) : Long.MAX_VALUE;
        if (backoff.failed(now, answered.purpose() == Calls.Purpose.READ, failure, left)) {
            tell(new ElectionNews.Trouble(failure));
        }
    }

    /** Whether the Lease is ours and must be renewed. */
    private boolean holds() {
        return phase instanceof Phase.Leading || (phase instanceof Phase.Stopping(Term _, boolean lost) && !lost);
    }

    private void proceed(Now now) {
        if (!(phase instanceof Phase.Ended)) {
            watch.proceed(now.nanos(), lease, actions);
        }
        if (calls.underWay() || now.nanos() - dueAt(now.nanos()) < 0) {
            return;
        }
        switch (phase) {
            case Phase.Candidate() -> {
                if (stopRequested) {
                    phase = new Phase.Ended();
                    watch.close(actions);
                } else if (!mustRead && lease.known() && now.nanos() - takeAt(now.nanos()) >= 0) {
                    acquire(now);
                } else {
                    read(now.nanos());
                }
            }
            case Phase.Leading(Term term) -> renewOrRead(now, term);
            case Phase.Stopping(Term term, boolean _) -> renewOrRead(now, term);
            case Phase.Releasing(Term _) -> release(now);
            case Phase.Ended() -> {}
        }
    }

    /** When the next call is due, if no event comes before. */
    private long dueAt(long now) {
        return switch (phase) {
            case Phase.Candidate() -> {
                if (stopRequested) {
                    yield now;
                }
                if (mustRead || !lease.known()) {
                    yield backoff.notBefore();
                }
                long check = watch.checkAt(lease);
                long take = takeAt(now);
                yield backoff.after(take - check < 0 ? take : check);
            }
            case Phase.Leading(Term _) -> backoff.after(renewAt(now));
            case Phase.Stopping(Term _, boolean lost) -> lost ? now + leaseNanos : backoff.after(renewAt(now));
            case Phase.Releasing(Term _) -> backoff.notBefore();
            case Phase.Ended() -> now + leaseNanos;
        };
    }

    /** A renewal is due a retry period after the last; at once where the Lease was edited and is still ours. */
    private long renewAt(long now) {
        boolean edited = lease.record()
                .filter(record ->
                        record.durationSeconds() != options.leaseDuration().toSeconds())
                .isPresent();
        return mustRead || edited ? now : deadline.renewedAt() + retryNanos;
    }

    private long takeAt(long now) {
        return lease.takeAt(now, callTimeout(now));
    }

    private void read(long now) {
        actions.add(new ElectorAction.Read(calls.begin(now, Calls.Purpose.READ), callTimeout(now)));
    }

    private void renewOrRead(Now now, Term term) {
        var record = lease.record();
        if (mustRead || record.isEmpty()) {
            read(now.nanos());
            return;
        }
        var acquired = record.get().acquireTime();
        claim(now, Calls.Purpose.RENEW, record.get(), term, acquired == null ? now.wall() : acquired);
    }

    private void acquire(Now now) {
        var record = lease.record().orElse(LeaseRecord.NONE);
        var term = new Term(record.uid(), identity, lease.nextTransitions());
        if (!record.uid().isEmpty()) {
            lease.attempted(term);
        }
        claim(now, Calls.Purpose.ACQUIRE, record, term, now.wall());
    }

    private void claim(Now now, Calls.Purpose why, LeaseRecord base, Term term, Instant acquired) {
        write(now.nanos(), why, base.claimed(term, options.leaseDuration(), acquired, now.wall()));
    }

    private void release(Now now) {
        var record = lease.record();
        if (record.isEmpty() || now.nanos() - deadline.renewedAt() - leaseNanos >= 0) {
            // It has run out: there is nothing to release.
            phase = new Phase.Candidate();
            proceed(now);
        } else if (mustRead) {
            read(now.nanos());
        } else {
            lease.relinquished();
            write(now.nanos(), Calls.Purpose.RELEASE, record.get().releasedAt(now.wall()));
        }
    }

    private void write(long now, Calls.Purpose why, LeaseRecord record) {
        actions.add(new ElectorAction.Write(calls.begin(now, why), record, callTimeout(now)));
    }

    private Duration callTimeout(long now) {
        return holds() ? deadline.callTimeout(now) : deadline.callTimeout();
    }

    private void tell(ElectionNews news) {
        actions.add(new ElectorAction.Tell(news));
    }

    /** When {@link ElectorEvent.Woken} is due, if no event comes before. */
    public long wakeAt(long now) {
        long wake = calls.underWay() ? now + leaseNanos : dueAt(now);
        if (phase instanceof Phase.Leading && deadline.at() - wake < 0) {
            wake = deadline.at();
        }
        return phase instanceof Phase.Ended ? wake : watch.wakeBefore(wake, lease);
    }

    /** Whether it has not begun or has ended. */
    public boolean ended() {
        return phase instanceof Phase.Ended;
    }

    /** The Lease as it was seen last; empty if there is none. */
    Optional<LeaseRecord> lease() {
        return lease.record();
    }

    /** A snapshot for people and metrics. */
    public ElectionStatus status() {
        boolean taskRuns = phase instanceof Phase.Leading || phase instanceof Phase.Stopping;
        return new ElectionStatus(
                phase instanceof Phase.Leading,
                leader,
                lease.record().map(LeaseRecord::transitions).orElse(0),
                taskRuns ? Optional.of(deadline.renewedAt()) : Optional.empty(),
                lease.skew(),
                slowRenewals);
    }
}
