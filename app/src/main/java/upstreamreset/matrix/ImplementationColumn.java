// SPDX-License-Identifier: Apache-2.0
package upstreamreset.matrix;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import upstreamreset.lab.Futures;
import upstreamreset.scenario.Scenario;

/** Puts the scenarios to one recipient, many side by side. */
final class ImplementationColumn {
    /** Requests that one recipient gets at once: nearly all of the time goes into waiting for those that hang. */
    private static final int SIDE_BY_SIDE = 32;

    private ImplementationColumn() {}

    static Column of(Implementation party, List<Scenario> scenarios, Origins origins, Runnable asked)
            throws InterruptedException {
        var title = party.text();
        try (var recipient = recipient(party, scenarios, origins)) {
            title = recipient.title();
            return new Column(party, title, Optional.empty(), cells(recipient, scenarios, asked));
        } catch (IOException e) {
            return Column.missing(party, title, e, scenarios);
        }
    }

    private static HttpImplementation recipient(Implementation party, List<Scenario> scenarios, Origins origins)
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

    private static HttpImplementation proxy(ProxyKind kind, List<Scenario> scenarios, Origins origins)
            throws IOException, InterruptedException {
        return ProxyProcess.start(kind, scenarios, origins, ProxyProcess.READY);
    }

    private static List<Cell> cells(HttpImplementation recipient, List<Scenario> scenarios, Runnable asked)
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
                    cells.add(Futures.result(result));
                }
                return cells;
            } finally {
                threads.shutdownNow();
            }
        }
    }

    private static Cell cell(HttpImplementation recipient, Scenario scenario) throws IOException, InterruptedException {
        var cannot = recipient.cannot(scenario);
        return cannot.isPresent()
                ? new Cell.NotApplicable(cannot.get())
                : recipient.ask(scenario).judged(scenario);
    }
}
