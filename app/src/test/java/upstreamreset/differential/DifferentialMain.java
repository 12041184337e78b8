// SPDX-License-Identifier: Apache-2.0
package upstreamreset.differential;

import java.io.IOException;
import java.time.Duration;
import java.util.List;

/** The differential test by hand and in the bench: {@code COUNT SEED VERSION…}; exit 1 if model and Envoy differ. */
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
        System.out.printf(
                "Envoy %s, seed %d: %d of %d agree (%.3f %%), %d with joined segments, %d when repeated, in %d s%n",
                version,
                seed,
                count - disagreements,
                count,
                100.0 * (count - disagreements) / count,
                joined,
                repeated,
                Duration.ofNanos(System.nanoTime() - begin).toSeconds());
        return disagreements == 0;
    }
}
