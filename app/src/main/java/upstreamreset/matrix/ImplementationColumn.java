// SPDX-License-Identifier: Apache-2.0
package upstreamreset.matrix;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import upstreamreset.lab.Futures;
import upstreamreset.scenario.Scenario;

/** Runs the scenarios against one implementation, many side by side. */
final class ImplementationColumn {
    /** Requests at once: nearly all of the time goes into waiting for those that hang. */
    private static final int SIDE_BY_SIDE = 32;

    private ImplementationColumn() {}

    static Column of(Implementation implementation, List<Scenario> scenarios, Origins origins, Runnable asked)
            throws InterruptedException {
        var title = implementation.text();
        try (var http = start(implementation, scenarios, origins)) {
            title = http.title();
            return new Column(implementation, title, Optional.empty(), cells(http, scenarios, asked));
        } catch (IOException e) {
            return Column.unavailable(implementation, title, e, scenarios);
        }
    }

    private static HttpImplementation start(Implementation implementation, List<Scenario> scenarios, Origins origins)
            throws IOException, InterruptedException {
        var environment = System.getenv();
        return switch (implementation) {
            case NGINX -> ProxyProcess.start(Nginx.find(environment), scenarios, origins, ProxyProcess.READY);
            case HAPROXY -> ProxyProcess.start(Haproxy.find(environment), scenarios, origins, ProxyProcess.READY);
            case CURL -> Curl.find(environment, origins);
            case JDK -> new JdkClient(origins);
            case GO -> GoClient.find(environment, origins);
            case ENVOY -> throw new IllegalArgumentException("Envoy runs in a lab");
        };
    }

    private static List<Cell> cells(HttpImplementation http, List<Scenario> scenarios, Runnable asked)
            throws IOException, InterruptedException {
        var places = new Semaphore(SIDE_BY_SIDE);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            try {
                var results = new ArrayList<Future<Cell>>();
                for (var scenario : scenarios) {
                    results.add(threads.submit(() -> {
                        places.acquire();
                        try {
                            return cell(http, scenario);
                        } finally {
                            places.release();
                            asked.run();
                        }
                    }));
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

    private static Cell cell(HttpImplementation http, Scenario scenario) throws IOException, InterruptedException {
        var cannot = http.cannot(scenario);
        return cannot.isPresent()
                ? new Cell.NotApplicable(cannot.get())
                : http.ask(scenario).judged(scenario);
    }
}
