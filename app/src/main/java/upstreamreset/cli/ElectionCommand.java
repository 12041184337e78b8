// SPDX-License-Identifier: Apache-2.0
package upstreamreset.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.TypeConversionException;
import upstreamreset.leader.ElectionOptions;
import upstreamreset.leader.simulation.FaultScript;
import upstreamreset.leader.simulation.RandomFaults;
import upstreamreset.leader.simulation.Simulation;
import upstreamreset.leader.simulation.Step;
import upstreamreset.report.ElectionView;

/** {@code election}: candidates and their faults, simulated with the elector that {@code serve} runs. */
final class ElectionCommand extends Command {
    private static final List<String> DEMO = List.of("25s kill leader", "55s terminate leader");
    private static final int MOST_CANDIDATES = 500;
    private static final Duration LONGEST = Duration.ofHours(24);

    private int candidates = 3;
    private final List<String> faults = new ArrayList<>();
    private @Nullable Path script;
    private int random;
    private long seed = 1;
    private Duration length = Duration.ofSeconds(75);
    private Duration leaseDuration = Duration.ofSeconds(15);
    private Duration renewalDeadline = Duration.ofSeconds(10);
    private Duration retryPeriod = Duration.ofSeconds(5);
    private final OutputOption output = new OutputOption();

    @Override
    void describe(Syntax syntax) {
        syntax.help()
                .description("Simulates an election on one machine: who led when, and what each candidate knew.")
                .footerHeading("%nFaults, as TIME and one of:%n")
                .footer(
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
                        "Without any fault: 25s kill leader, 55s terminate leader.");
        syntax.option("--candidates", "N", Integer.class, value -> candidates = value)
                .description("How many compete: a, b, c, ... Default: " + candidates + ".");
        syntax.repeated("--fault", "LINE", String.class, faults)
                .description("A fault, for example \"20s freeze leader for 18s\". Can be given again.");
        syntax.option("--script", "FILE", Path.class, value -> script = value)
                .description("A file with a fault on each line; # begins a comment.");
        syntax.option("--random", "N", Integer.class, value -> random = value)
                .description("So many random faults, drawn by the seed.");
        syntax.option("--seed", "NUMBER", Long.class, value -> seed = value)
                .description("The same seed gives the same run. Default: " + seed + ".");
        time(syntax, "--length", value -> length = value)
                .description("How long, in simulated time. Default: " + length.toSeconds() + "s.");
        time(syntax, "--lease-duration", value -> leaseDuration = value)
                .description("Default: " + leaseDuration.toSeconds() + "s.");
        time(syntax, "--renewal-deadline", value -> renewalDeadline = value)
                .description("Default: " + renewalDeadline.toSeconds() + "s.");
        time(syntax, "--retry-period", value -> retryPeriod = value)
                .description("Default: " + retryPeriod.toSeconds() + "s.");
        output.addTo(syntax);
    }

    /** An option whose value is a time such as {@code 1.5s}. */
    private static OptionSpec.Builder time(Syntax syntax, String name, Consumer<Duration> field) {
        return syntax.option(name, "TIME", Duration.class, field).converters(value -> {
            try {
                return FaultScript.time(value);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(e.getMessage());
            }
        });
    }

    @Override
    public Integer call() throws IOException {
        var outcome = Simulation.run(plan());
        var out = out();
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
            throw misuse(e);
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
            throw misuse(otherwise);
        }
    }
}
