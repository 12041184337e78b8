// SPDX-License-Identifier: Apache-2.0
package upstreamreset.lab;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import upstreamreset.envoy.install.EnvoyBinary;
import upstreamreset.scenario.Scenario;
import upstreamreset.server.ServeOptions;

/** Runs many scenarios in several labs at once, because one lab runs them one after the other. */
public final class Sweep {
    /** A sweep mostly waits; more labs would cost more to boot than they save. */
    private static final int LABS = 4;

    /** Fewer scenarios do not justify one more Envoy. */
    private static final int SHARE = 10;

    /** Short pauses, and no waiting for the second that Envoy holds a cut connection open: the results are the same. */
    public static final Lab.Options OPTIONS = new Lab.Options(
            false,
            ServeOptions.onFreePort().withStream(ServeOptions.CHUNKS, Duration.ofMillis(10)),
            Duration.ofMillis(100));

    private Sweep() {}

    /**
     * Reproduces all of them. {@code done} gets them in their order, each as soon as it is there, on the caller's
     * thread.
     *
     * @throws IOException when a lab failed; an unexpected result of a scenario is not a failure
     */
    public static void run(EnvoyBinary binary, List<Scenario> scenarios, Consumer<Reproduction> done)
            throws IOException, InterruptedException {
        int labs = Math.clamp(scenarios.size() / SHARE, 1, LABS);
        var results = scenarios.stream()
                .map(_ -> new CompletableFuture<Reproduction>())
                .toList();
        var threads = IntStream.range(0, labs)
                .mapToObj(first -> Thread.ofPlatform()
                        .daemon()
                        .name("sweep-" + first)
                        .start(() -> run(binary, scenarios, results, first, labs)))
                .toList();
        try {
            for (var result : results) {
                done.accept(Futures.result(result));
            }
        } finally {
            threads.forEach(Thread::interrupt);
            for (var thread : threads) {
                thread.join();
            }
        }
    }

    /** Every scenario at a distance of {@code labs} from {@code first}. */
    private static void run(
            EnvoyBinary binary,
            List<Scenario> scenarios,
            List<CompletableFuture<Reproduction>> results,
            int first,
            int labs) {
        var share = IntStream.iterate(first, i -> i < scenarios.size(), i -> i + labs)
                .boxed()
                .toList();
        try (var lab =
                Lab.start(binary, OPTIONS, share.stream().map(scenarios::get).toList())) {
            for (int i : share) {
                results.get(i).complete(lab.reproduce(scenarios.get(i)));
            }
        } catch (IOException | InterruptedException | RuntimeException e) {
            share.forEach(i -> results.get(i).completeExceptionally(e));
        }
    }
}
