// SPDX-License-Identifier: Apache-2.0
package upstreamreset.matrix;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.function.Predicate;
import upstreamreset.envoy.install.EnvoyBinary;
import upstreamreset.lab.Futures;
import upstreamreset.lab.Sweep;
import upstreamreset.scenario.Scenario;

/** The results of scenarios against implementations: a column for each implementation, a cell for each scenario. */
public record Matrix(List<Scenario> scenarios, List<Column> columns) {
    public Matrix {
        scenarios = List.copyOf(scenarios);
        columns = List.copyOf(columns);
    }

    /**
     * The columns.
     *
     * @param envoys the Envoys, a column each
     * @param others the other implementations
     */
    public record Options(List<EnvoyBinary> envoys, List<Implementation> others) {
        public Options {
            envoys = List.copyOf(envoys);
            others = List.copyOf(others);
        }
    }

    /** Whether every Envoy that was asked did what the catalogue expects. */
    public boolean asExpected() {
        return columns.stream()
                .allMatch(column -> column.cells().stream()
                        .allMatch(cell -> !(cell instanceof Cell.Seen seen)
                                || seen.differences().isEmpty()));
    }

    /** Whether every implementation is available, but for {@code spared}. */
    public boolean complete(Predicate<Implementation> spared) {
        return columns.stream()
                .allMatch(column -> column.unavailable().isEmpty() || spared.test(column.implementation()));
    }

    /**
     * Runs all scenarios against all implementations. Envoys go one after the other, and beside them the other implementations one after
     * the other: both mostly wait.
     *
     * @param asked runs once for each cell, on any thread
     */
    public static Matrix of(Options options, List<Scenario> scenarios, Runnable asked)
            throws IOException, InterruptedException {
        try (var origins = Origins.start(scenarios, Sweep.OPTIONS.app());
                var threads = Executors.newFixedThreadPool(
                        2, Thread.ofPlatform().daemon().factory())) {
            var envoys = threads.submit(() -> {
                var columns = new ArrayList<Column>();
                for (var binary : options.envoys()) {
                    columns.add(EnvoyColumn.of(binary, scenarios, asked));
                }
                return columns;
            });
            var others = threads.submit(() -> {
                var columns = new ArrayList<Column>();
                for (var implementation : options.others()) {
                    columns.add(ImplementationColumn.of(implementation, scenarios, origins, asked));
                }
                return columns;
            });
            try {
                var columns = new ArrayList<>(Futures.result(envoys));
                columns.addAll(Futures.result(others));
                return new Matrix(scenarios, columns);
            } finally {
                threads.shutdownNow();
            }
        }
    }
}
