// SPDX-License-Identifier: Apache-2.0
package upstreamreset.election.simulation;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import upstreamreset.election.ElectionNews;
import upstreamreset.election.ElectionOptions;
import upstreamreset.election.Elector;
import upstreamreset.election.Leadership;
import upstreamreset.election.Term;

/** Runs an election of simulated processes through a schedule of faults. The same seed gives the same run. */
public final class Simulation implements SimulatedCandidate.Observer {
    /** What is to be simulated. */
    public record Plan(
            Duration leaseDuration,
            Duration renewalDeadline,
            Duration retryPeriod,
            Duration tick,
            int candidates,
            Duration length,
            long seed,
            List<Step> steps) {
        public Plan {
            steps = List.copyOf(steps);
        }
    }

    private static final class Work {
        private final Term term;
        private final long began;
        private long first;
        private long last;
        private int ticks;

        Work(Term term, long began) {
            this.term = term;
            this.began = began;
        }
    }

    private final Plan plan;
    private final EventQueue agenda = new EventQueue();
    private final Random random;
    private final SimulatedApi api;
    private final Map<String, SimulatedCandidate> candidates = new LinkedHashMap<>();
    private final Map<String, Duration> skews = new HashMap<>();
    private final Map<String, Work> working = new LinkedHashMap<>();
    private final List<Entry> timeline = new ArrayList<>();
    private final List<LeadershipSpan> reigns = new ArrayList<>();
    private final List<Duration> ticks = new ArrayList<>();

    private Simulation(Plan plan) {
        this.plan = plan;
        this.random = new Random(plan.seed());
        this.api = new SimulatedApi(agenda, random);
    }

    /** The name of candidate {@code number}: a, b, ... z, a1, ... */
    public static String name(int number) {
        var letter = String.valueOf((char) ('a' + number % 26));
        return number < 26 ? letter : letter + number / 26;
    }

    public static SimulationResult run(Plan plan) {
        return new Simulation(plan).run();
    }

    private SimulationResult run() {
        for (int i = 0; i < plan.candidates(); i++) {
            var name = name(i);
            agenda.after(random.nextLong(50_000_000), () -> begin(name));
        }
        plan.steps().forEach(step -> agenda.at(step.at().toNanos(), () -> apply(step.fault())));
        agenda.runUntil(plan.length().toNanos());
        List.copyOf(candidates.values()).forEach(this::workReturned);
        return new SimulationResult(plan.seed(), plan.length(), timeline, reigns, ticks);
    }

    private void begin(String name) {
        var options = new ElectionOptions(
                plan.leaseDuration(),
                plan.renewalDeadline(),
                plan.retryPeriod(),
                "default",
                "simulated",
                name + "_pod");
        note(name, "started", "started");
        candidates.put(
                name,
                new SimulatedCandidate(
                        name,
                        new Elector(options),
                        agenda,
                        api,
                        random,
                        this,
                        plan.tick(),
                        skews.getOrDefault(name, Duration.ZERO)));
    }

    private void apply(Fault fault) {
        note("fault", "fault", FaultScript.text(fault));
        switch (fault) {
            case Fault.Kill(String name) -> with(name, SimulatedCandidate::kill);
            case Fault.Terminate(String name) -> with(name, SimulatedCandidate::terminate);
            case Fault.Restart(String name) -> {
                with(name, SimulatedCandidate::kill);
                if (candidates.containsKey(name)) {
                    begin(name);
                }
            }
            case Fault.Freeze(String name, Duration lasting) -> with(name, each -> each.freeze(lasting));
            case Fault.Skew(String name, Duration by) ->
                with(name, each -> {
                    skews.put(each.name(), by);
                    each.skew(by);
                });
            case Fault.Stick(String name, Duration lasting) -> with(name, each -> each.stick(lasting));
            case Fault.Outage(Duration lasting) -> api.hang(lasting);
            case Fault.Refuse(Duration lasting) -> api.refuse(lasting);
            case Fault.Slow(Duration by, Duration lasting) -> api.slow(by, lasting);
            case Fault.Errors(int status, Duration lasting) -> api.errors(status, lasting);
            case Fault.LoseWatch(String name) -> with(name, each -> api.loseWatch(each.name()));
            case Fault.SilenceWatch(String name, Duration lasting) ->
                with(name, each -> api.silence(each.name(), lasting));
            case Fault.DeleteLease() -> api.delete();
            case Fault.EditLease(var edit) -> api.edit(edit);
        }
    }

    private void with(String name, java.util.function.Consumer<SimulatedCandidate> what) {
        var candidate = "leader".equals(name)
                ? candidates.values().stream()
                        .filter(SimulatedCandidate::leading)
                        .findFirst()
                        .orElse(null)
                : candidates.get(name);
        if (candidate != null && candidate.alive()) {
            what.accept(candidate);
        }
    }

    @Override
    public void news(SimulatedCandidate candidate, ElectionNews news) {
        switch (news) {
            case ElectionNews.Became(Term term) ->
                note(candidate.name(), "became-leader", "leads (transitions " + term.transitions() + ")");
            case ElectionNews.Stopping(Term _, String why) ->
                note(candidate.name(), "stops-leading", "stops leading: " + why);
            case ElectionNews.Stopped(Term _) -> note(candidate.name(), "work-stopped", "its work has stopped");
            case ElectionNews.Released(Term _) -> note(candidate.name(), "released", "gave the Lease back");
            case ElectionNews.Leader(String holder) ->
                note(
                        candidate.name(),
                        "sees-leader",
                        holder.isEmpty() ? "sees no leader" : "sees leader " + ElectionOptions.hostname(holder));
            case ElectionNews.Trouble(var failure) -> note(candidate.name(), "trouble", failure.message());
            case ElectionNews.Recovered() -> note(candidate.name(), "recovered", "reaches the API server again");
            case ElectionNews.Waiting(String why) -> note(candidate.name(), "waits", "waits a lease duration: " + why);
        }
    }

    @Override
    public void workBegan(SimulatedCandidate candidate, Leadership leadership) {
        working.put(candidate.name(), new Work(leadership.term(), agenda.now()));
    }

    @Override
    public void ticked(SimulatedCandidate candidate) {
        var work = working.get(candidate.name());
        if (work != null) {
            work.first = work.ticks == 0 ? agenda.now() : work.first;
            work.last = agenda.now();
            work.ticks++;
            ticks.add(Duration.ofNanos(agenda.now()));
        }
    }

    @Override
    public void workReturned(SimulatedCandidate candidate) {
        @Nullable Work work = working.remove(candidate.name());
        if (work != null) {
            reigns.add(new LeadershipSpan(
                    candidate.name(),
                    work.term,
                    Duration.ofNanos(work.began),
                    Duration.ofNanos(agenda.now()),
                    Duration.ofNanos(work.first),
                    Duration.ofNanos(work.last),
                    work.ticks));
        }
    }

    private void note(String who, String event, String text) {
        timeline.add(new Entry(Duration.ofNanos(agenda.now()), who, event, text));
    }
}
