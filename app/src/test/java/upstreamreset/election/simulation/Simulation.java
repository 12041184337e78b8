// SPDX-License-Identifier: Apache-2.0
package upstreamreset.election.simulation;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import upstreamreset.election.ElectionNews;
import upstreamreset.election.ElectionOptions;
import upstreamreset.election.Elector;
import upstreamreset.election.Leadership;
import upstreamreset.election.Term;

/** Runs an election of simulated processes through a schedule of faults. The same seed gives the same run. */
final class Simulation implements SimulatedCandidate.Observer {
    /** What is to be simulated. */
    record Plan(
            Duration leaseDuration,
            Duration renewalDeadline,
            Duration retryPeriod,
            Duration tick,
            int candidates,
            Duration length,
            long seed,
            List<Step> steps) {
        Plan {
            steps = List.copyOf(steps);
        }
    }

    /** A task that runs. */
    private static final class Running {
        private final Term term;
        private final long began;
        private long first;
        private long last;
        private int ticks;

        Running(Term term, long began) {
            this.term = term;
            this.began = began;
        }
    }

    private final Plan plan;
    private final EventQueue queue = new EventQueue();
    private final Random random;
    private final SimulatedApi api;
    private final Map<String, SimulatedCandidate> candidates = new LinkedHashMap<>();
    private final Map<String, Duration> skews = new HashMap<>();
    private final Map<String, Running> running = new LinkedHashMap<>();
    private final List<Told> told = new ArrayList<>();
    private final List<LeadershipSpan> spans = new ArrayList<>();
    private final List<Duration> ticks = new ArrayList<>();

    private Simulation(Plan plan) {
        this.plan = plan;
        this.random = new Random(plan.seed());
        this.api = new SimulatedApi(queue, random);
    }

    /** The name of candidate {@code number}: a, b, c, ... */
    static String name(int number) {
        return String.valueOf((char) ('a' + number));
    }

    static SimulationResult run(Plan plan) {
        return new Simulation(plan).run();
    }

    private SimulationResult run() {
        for (int i = 0; i < plan.candidates(); i++) {
            var name = name(i);
            queue.after(random.nextLong(50_000_000), () -> begin(name));
        }
        plan.steps().forEach(step -> queue.at(step.at().toNanos(), () -> apply(step.fault())));
        queue.runUntil(plan.length().toNanos());
        List.copyOf(candidates.values()).forEach(this::taskReturned);
        return new SimulationResult(told, spans, ticks);
    }

    private void begin(String name) {
        var options = new ElectionOptions(
                plan.leaseDuration(),
                plan.renewalDeadline(),
                plan.retryPeriod(),
                "default",
                "simulated",
                name + "_pod");
        candidates.put(
                name,
                new SimulatedCandidate(
                        name,
                        new Elector(options),
                        queue,
                        api,
                        random,
                        this,
                        plan.tick(),
                        skews.getOrDefault(name, Duration.ZERO)));
    }

    private void apply(Fault fault) {
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

    private void with(String name, Consumer<SimulatedCandidate> what) {
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
        told.add(new Told(Duration.ofNanos(queue.now()), candidate.name(), news));
    }

    @Override
    public void taskBegan(SimulatedCandidate candidate, Leadership leadership) {
        running.put(candidate.name(), new Running(leadership.term(), queue.now()));
    }

    @Override
    public void ticked(SimulatedCandidate candidate) {
        var task = running.get(candidate.name());
        if (task != null) {
            task.first = task.ticks == 0 ? queue.now() : task.first;
            task.last = queue.now();
            task.ticks++;
            ticks.add(Duration.ofNanos(queue.now()));
        }
    }

    @Override
    public void taskReturned(SimulatedCandidate candidate) {
        @Nullable Running task = running.remove(candidate.name());
        if (task != null) {
            spans.add(new LeadershipSpan(
                    candidate.name(),
                    task.term,
                    Duration.ofNanos(task.began),
                    Duration.ofNanos(queue.now()),
                    Duration.ofNanos(task.first),
                    Duration.ofNanos(task.last),
                    task.ticks));
        }
    }
}
