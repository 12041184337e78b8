// SPDX-License-Identifier: Apache-2.0
package upstreamreset.differential;

import java.io.IOException;
import java.time.Duration;
import java.util.List;

/** The differential test as a program, for the bench: {@code COUNT SEED VERSION…}; exits 1 if model and Envoy disagree. */
final class DifferentialMain {
    private static final int BLOCK = 5_000;

    private DifferentialMain() {}

    public static void main(String... args) throws IOException, InterruptedException {
        int count = Integer.parseInt(args[0]);
        long seed = Long.parseLong(args[1]);
        boolean agree = true;
        for (var version : List.of(args).subList(2, args.length)) {
            agree &= run(version, count, seed);
        }
        System.exit(agree ? 0 : 1);
    }

    private static boolean run(String version, int count, long seed) throws IOException, InterruptedException {
        var generator = new Generator(seed, Corpus.responses());
        int disagreements = 0;
        int joined = 0;
        int repeated = 0;
        long begin = System.nanoTime();
        try (var oracle = new Oracle(version)) {
            for (int done = 0; done < count; done += BLOCK) {
                var comparison =
                        new Differential(version, oracle).compare(generator.trials(Math.min(BLOCK, count - done)));
                comparison.disagreements().forEach(System.out::println);
                disagreements += comparison.disagreements().size();
                joined += comparison.joined();
                repeated += comparison.repeated();
            }
        }
        long seconds = Math.max(1, Duration.ofNanos(System.nanoTime() - begin).toSeconds());
        System.out.printf(
                "differential agreement, %d responses, seed %d, %d/s: %.3f %% (against Envoy %s; %d with joined segments,"
                        + " %d when repeated) reach: 100 %% %s%n",
                count,
                seed,
                count / seconds,
                100.0 * (count - disagreements) / count,
                version,
                joined,
                repeated,
                disagreements == 0 ? "met" : "MISSED");
        return disagreements == 0;
    }
}
