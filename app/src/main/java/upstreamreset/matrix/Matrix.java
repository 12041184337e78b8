// SPDX-License-Identifier: Apache-2.0
package upstreamreset.matrix;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import upstreamreset.envoy.EnvoyBinary;
import upstreamreset.framing.Outcome;
import upstreamreset.framing.Verdict;
import upstreamreset.lab.Lab;
import upstreamreset.lab.Reproduction;
import upstreamreset.lab.Sweep;
import upstreamreset.scenario.Scenario;

/** The catalogue, or a part of it, put to everybody who is there: a column each, a cell for each scenario. */
public record Matrix(List<Scenario> scenarios, List<Column> columns) {
    /** Requests that one recipient gets at once: nearly all of the time goes into waiting for those that hang. */
    private static final int SIDE_BY_SIDE = 32;

    public Matrix {
        scenarios = List.copyOf(scenarios);
        columns = List.copyOf(columns);
    }

    /**
     * Whom to ask.
     *
     * @param envoys the Envoys, a column each
     * @param others the other parties
     * @param lab how the labs of Envoy are made
     */
    public record Options(List<EnvoyBinary> envoys, List<Party> others, Lab.Options lab) {
        public Options {
            envoys = List.copyOf(envoys);
            others = List.copyOf(others);
        }
    }

    /** Whether every column is there, and every Envoy did what the catalogue expects. */
    public boolean asExpected() {
        return columns.stream()
                .allMatch(column -> column.missing().isEmpty()
                        && column.cells().stream()
                                .allMatch(cell -> !(cell instanceof Cell.Seen seen)
                                        || seen.differences().isEmpty()));
    }

    /**
     * Asks everybody. Envoys go one after the other, and beside them the other parties one after the other: both mostly wait.
     *
     * @param asked runs once for each cell, on any thread
     */
    public static Matrix of(Options options, List<Scenario> scenarios, Runnable asked)
            throws IOException, InterruptedException {
        try (var origins = Origins.start(scenarios, options.lab().app());
                var threads = Executors.newFixedThreadPool(
                        2, Thread.ofPlatform().daemon().factory())) {
            var envoys = threads.submit(() -> {
                var columns = new ArrayList<Column>();
                for (var binary : options.envoys()) {
                    columns.add(envoy(binary, options.lab(), scenarios, asked));
                }
                return columns;
            });
            var others = threads.submit(() -> {
                var columns = new ArrayList<Column>();
                for (var party : options.others()) {
                    columns.add(column(party, scenarios, origins, asked));
                }
                return columns;
            });
            try {
                var columns = new ArrayList<>(get(envoys));
                columns.addAll(get(others));
                return new Matrix(scenarios, columns);
            } finally {
                threads.shutdownNow();
            }
        }
    }

    private static Column envoy(EnvoyBinary binary, Lab.Options options, List<Scenario> scenarios, Runnable asked)
            throws InterruptedException {
        var cells = new ArrayList<Cell>();
        var title = "envoy " + binary.version();
        try {
            Sweep.run(binary, options, scenarios, reproduction -> {
                cells.add(cell(reproduction));
                asked.run();
            });
            return new Column(Party.ENVOY, title, Optional.empty(), cells);
        } catch (IOException e) {
            return missing(Party.ENVOY, title, e, scenarios);
        }
    }

    /** What Envoy passed on is judged as anybody's; that it did not pass it on, its access log says. */
    private static Cell cell(Reproduction reproduction) {
        var verdict = reproduction.judged().envoy();
        var scenario = reproduction.scenario();
        var client = reproduction.client();
        var reception = switch (verdict.outcome()) {
            case RESETS_BEFORE, RESETS_AFTER, REFUSED -> Reception.REJECTS;
            case HANGS -> Reception.HANGS;
            case PASSES, DAMAGED ->
                scenario.meant().isPresent()
                        ? Answer.whole(scenario, client.body())
                        : verdict.outcome() == Outcome.PASSES ? Reception.ACCEPTS : Reception.FOOLED;
        };
        return new Cell.Seen(
                reception,
                verdict.status(),
                client.bodyLength(),
                words(verdict),
                Optional.of(verdict),
                reproduction.differences());
    }

    private static String words(Verdict verdict) {
        return verdict.message().isEmpty() ? verdict.details() : verdict.message();
    }

    private static Column column(Party party, List<Scenario> scenarios, Origins origins, Runnable asked)
            throws IOException, InterruptedException {
        var title = party.text();
        try (var recipient = recipient(party, scenarios, origins)) {
            title = recipient.title();
            return new Column(party, title, Optional.empty(), cells(recipient, scenarios, asked));
        } catch (MissingException e) {
            return missing(party, title, e, scenarios);
        }
    }

    private static Column missing(Party party, String title, IOException why, List<Scenario> scenarios) {
        var words = String.valueOf(why.getMessage());
        Cell cell = new Cell.Unavailable(words);
        return new Column(party, title, Optional.of(words), Collections.nCopies(scenarios.size(), cell));
    }

    private static Recipient recipient(Party party, List<Scenario> scenarios, Origins origins)
            throws IOException, InterruptedException {
        var environment = System.getenv();
        return switch (party) {
            case NGINX -> proxy(Nginx.find(environment), scenarios, origins);
            case HAPROXY -> proxy(Haproxy.find(environment), scenarios, origins);
            case CURL -> Curl.find(environment, origins);
            case JDK -> new JdkClient(origins);
            case GO -> GoClient.find(environment, origins);
            case ENVOY -> throw new IllegalArgumentException("Envoy is asked in a lab");
        };
    }

    private static Recipient proxy(ProxyKind kind, List<Scenario> scenarios, Origins origins)
            throws IOException, InterruptedException {
        return ProxyProcess.start(kind, scenarios, origins, ProxyProcess.READY);
    }

    private static List<Cell> cells(Recipient recipient, List<Scenario> scenarios, Runnable asked)
            throws IOException, InterruptedException {
        var places = new Semaphore(SIDE_BY_SIDE);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            try {
                var results = new ArrayList<Future<Cell>>();
                for (var scenario : scenarios) {
                    Callable<Cell> work = () -> {
                        places.acquire();
                        try {
                            return cell(recipient, scenario);
                        } finally {
                            places.release();
                            asked.run();
                        }
                    };
                    results.add(threads.submit(work));
                }
                var cells = new ArrayList<Cell>();
                for (var result : results) {
                    cells.add(get(result));
                }
                return cells;
            } finally {
                threads.shutdownNow();
            }
        }
    }

    private static Cell cell(Recipient recipient, Scenario scenario) throws IOException, InterruptedException {
        var cannot = recipient.cannot(scenario);
        return cannot.isPresent()
                ? new Cell.NotApplicable(cannot.get())
                : recipient.ask(scenario).judged(scenario);
    }

    private static <T> T get(Future<T> result) throws IOException, InterruptedException {
        try {
            return result.get();
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case IOException io -> throw io;
                case RuntimeException runtime -> throw runtime;
                case null, default -> throw new IllegalStateException(e);
            }
        }
    }
}
