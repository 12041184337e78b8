// SPDX-License-Identifier: Apache-2.0
package upstreamreset.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;
import upstreamreset.leader.ElectionOptions;
import upstreamreset.leader.simulation.FaultScript;
import upstreamreset.leader.simulation.RandomFaults;
import upstreamreset.leader.simulation.Simulation;
import upstreamreset.leader.simulation.Step;
import upstreamreset.report.ElectionView;

/** {@code election}: candidates and their faults, simulated with the elector that {@code serve} runs. */
@Command(
        name = "election",
        description = "Simulates an election on one machine: who led when, and what each candidate knew.",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        footerHeading = "%nFaults, as TIME and one of:%n",
        footer = {
            "  kill WHO | terminate WHO | restart WHO | freeze WHO for TIME",
            "  stick WHO for TIME        its work neither does anything nor returns",
            "  skew WHO TIME             its wall clock is wrong by that much",
            "  outage for TIME           the API server answers nothing",
            "  refuse for TIME           it refuses connections",
            "  slow TIME for TIME        calls take up to that much longer, each way",
            "  errors STATUS for TIME    it answers 409, 403, 429, 500, ...",
            "  lose-watch WHO | silence-watch WHO for TIME",
            "  delete-lease | edit-lease empty|foreign|no-holder|short|transitions|label",
            "WHO is a, b, c, ... or leader. TIME is a number and ms, s, m or h.",
            "Without any fault: 25s kill leader, 55s terminate leader."
        })
final class ElectionCommand implements Callable<Integer> {
    private static final List<String> DEMO = List.of("25s kill leader", "55s terminate leader");
    private static final int MOST_CANDIDATES = 500;
    private static final Duration LONGEST = Duration.ofHours(24);

    /** Reads a time such as {@code 1.5s}. */
    private static final class Time implements ITypeConverter<Duration> {
        @Override
        public Duration convert(String value) {
            try {
                return FaultScript.time(value);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(e.getMessage());
            }
        }
    }

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--candidates",
            paramLabel = "N",
            defaultValue = "3",
            description = "How many compete: a, b, c, ... Default: ${DEFAULT-VALUE}.")
    private int candidates;

    @Option(
            names = "--fault",
            paramLabel = "LINE",
            description = "A fault, for example \"20s freeze leader for 18s\". Can be given again.")
    private List<String> faults = List.of();

    @Option(
            names = "--script",
            paramLabel = "FILE",
            description = "A file with a fault on each line; # begins a comment.")
    private @Nullable Path script;

    @Option(
            names = "--random",
            paramLabel = "N",
            defaultValue = "0",
            description = "So many random faults, drawn by the seed.")
    private int random;

    @Option(
            names = "--seed",
            paramLabel = "NUMBER",
            defaultValue = "1",
            description = "The same seed gives the same run. Default: ${DEFAULT-VALUE}.")
    private long seed;

    @Option(
            names = "--length",
            paramLabel = "TIME",
            defaultValue = "75s",
            converter = Time.class,
            description = "How long, in simulated time. Default: ${DEFAULT-VALUE}.")
    private Duration length;

    @Option(
            names = "--lease-duration",
            paramLabel = "TIME",
            defaultValue = "15s",
            converter = Time.class,
            description = "Default: ${DEFAULT-VALUE}.")
    private Duration leaseDuration;

    @Option(
            names = "--renewal-deadline",
            paramLabel = "TIME",
            defaultValue = "10s",
            converter = Time.class,
            description = "Default: ${DEFAULT-VALUE}.")
    private Duration renewalDeadline;

    @Option(
            names = "--retry-period",
            paramLabel = "TIME",
            defaultValue = "5s",
            converter = Time.class,
            description = "Default: ${DEFAULT-VALUE}.")
    private Duration retryPeriod;

    @Mixin
    private OutputOption output = new OutputOption();

    /** For picocli, which sets the fields itself. */
    @SuppressWarnings("NullAway.Init")
    ElectionCommand() {}

    @Override
    public Integer call() throws IOException {
        var outcome = Simulation.run(plan());
        var out = spec.commandLine().getOut();
        switch (output.format) {
            case TEXT -> out.print(ElectionView.text(outcome));
            case JSON -> ElectionView.json(outcome, out);
        }
        return outcome.overlaps().isEmpty() ? Main.CLEAN : Main.FOUND_OR_FAILED;
    }

    private Simulation.Plan plan() throws IOException {
        require(
                candidates >= 1 && candidates <= MOST_CANDIDATES,
                "--candidates must be between 1 and " + MOST_CANDIDATES);
        require(random >= 0 && random <= 1000, "--random must be between 0 and 1000");
        require(length.isPositive() && length.compareTo(LONGEST) <= 0, "--length must be more than 0s and at most 24h");
        try {
            new ElectionOptions(leaseDuration, renewalDeadline, retryPeriod, "default", "simulated", "candidate");
            return new Simulation.Plan(
                    leaseDuration,
                    renewalDeadline,
                    retryPeriod,
                    Duration.ofSeconds(1),
                    candidates,
                    length,
                    seed,
                    steps());
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
        }
    }

    private List<Step> steps() throws IOException {
        var steps = new ArrayList<Step>();
        if (script != null) {
            if (!Files.isReadable(script)) {
                throw new IllegalArgumentException("--script: cannot read " + script);
            }
            steps.addAll(FaultScript.parse(Files.readString(script)));
        }
        faults.forEach(line -> steps.add(FaultScript.step(line)));
        if (random > 0) {
            steps.addAll(RandomFaults.schedule(seed, random, candidates, leaseDuration, length));
        }
        if (steps.isEmpty() && script == null) {
            DEMO.forEach(line -> steps.add(FaultScript.step(line)));
        }
        for (var step : steps) {
            FaultScript.candidate(step.fault()).ifPresent(who -> require(known(who), "there is no candidate " + who));
        }
        return steps;
    }

    private boolean known(String who) {
        if ("leader".equals(who)) {
            return true;
        }
        for (int i = 0; i < candidates; i++) {
            if (Simulation.name(i).equals(who)) {
                return true;
            }
        }
        return false;
    }

    private void require(boolean fits, String otherwise) {
        if (!fits) {
            throw new ParameterException(spec.commandLine(), otherwise);
        }
    }
}
