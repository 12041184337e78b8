// SPDX-License-Identifier: Apache-2.0
package upstreamreset.differential;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import upstreamreset.verdict.Verdict;

/** Compares the model with Envoy trial by trial, and shrinks each trial on which they disagree. */
final class Differential {
    private static final int REPEATS = 3;
    /** Trials in parallel, few enough that even a busy machine meets the timeout. */
    private static final int CALM = 25;

    private static final int SHRUNK = Integer.getInteger("differential.shrunk", 20);
    private static final int ROUNDS = 25;
    private static final int PIECES = 200;

    private final String version;
    private final Oracle oracle;

    Differential(String version, Oracle oracle) {
        this.version = version;
        this.oracle = oracle;
    }

    Comparison compare(List<Trial> trials) throws IOException, InterruptedException {
        var observations = oracle.observe(trials);
        int joined = 0;
        var doubtful = new ArrayList<Trial>();
        for (int i = 0; i < trials.size(); i++) {
            var trial = trials.get(i);
            var envoy = observations.get(i).verdict(version);
            if (same(trial.model(version), envoy)) {
                continue;
            }
            if (agreesJoined(trial, envoy)) {
                joined++;
            } else {
                doubtful.add(trial);
            }
        }
        var stubborn = List.copyOf(doubtful);
        for (int i = 0; i < REPEATS; i++) {
            stubborn = stillDiffer(stubborn);
        }
        var disagreements = new ArrayList<Disagreement>();
        for (var trial : stubborn) {
            disagreements.add(shrink(trial, disagreements.size() < SHRUNK ? ROUNDS : 0));
        }
        return new Comparison(version, trials.size(), joined, doubtful.size() - disagreements.size(), disagreements);
    }

    private boolean agreesJoined(Trial trial, Verdict envoy) {
        return trial.models(version).stream().anyMatch(model -> same(model, envoy));
    }

    private List<Trial> stillDiffer(List<Trial> trials) throws IOException, InterruptedException {
        var differ = new ArrayList<Trial>();
        for (int from = 0; from < trials.size(); from += CALM) {
            var some = trials.subList(from, Math.min(trials.size(), from + CALM));
            var observations = oracle.observe(some);
            for (int i = 0; i < some.size(); i++) {
                if (!agreesJoined(some.get(i), observations.get(i).verdict(version))) {
                    differ.add(some.get(i));
                }
            }
        }
        return differ;
    }

    /** Removes the segmentation, then ever smaller pieces, as long as the two still disagree. */
    private Disagreement shrink(Trial trial, int most) throws IOException, InterruptedException {
        var smallest = trial;
        var whole = trial.with(trial.bytes().toArray());
        if (most > 0 && differ(whole)) {
            smallest = whole;
            int rounds = most;
            for (int size = Math.max(1, whole.bytes().length() / 2); size > 0 && rounds > 0; rounds--) {
                var shorter = shorter(smallest, size);
                smallest = shorter.orElse(smallest);
                size = shorter.isPresent() ? Math.min(size, smallest.bytes().length()) : size / 2;
            }
        }
        return new Disagreement(
                smallest, smallest.model(version), oracle.observe(smallest).verdict(version));
    }

    /** The trial without one piece of {@code size}, if the two still disagree then; tries all pieces at once. */
    private Optional<Trial> shorter(Trial trial, int size) throws IOException, InterruptedException {
        var bytes = trial.bytes().toArray();
        int stride = Math.max(size, bytes.length / PIECES);
        var candidates = new ArrayList<Trial>();
        for (int at = 0; at + size <= bytes.length; at += stride) {
            var shorter = new byte[bytes.length - size];
            System.arraycopy(bytes, 0, shorter, 0, at);
            System.arraycopy(bytes, at + size, shorter, at, shorter.length - at);
            candidates.add(trial.with(shorter));
        }
        var observations = oracle.observe(candidates);
        for (int i = 0; i < candidates.size(); i++) {
            if (!same(candidates.get(i).model(version), observations.get(i).verdict(version))) {
                return Optional.of(candidates.get(i));
            }
        }
        return Optional.empty();
    }

    private boolean differ(Trial trial) throws IOException, InterruptedException {
        return !same(trial.model(version), oracle.observe(trial).verdict(version));
    }

    private static boolean same(Verdict model, Verdict envoy) {
        return model.equals(envoy);
    }
}
