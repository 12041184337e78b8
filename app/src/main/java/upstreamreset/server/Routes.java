// SPDX-License-Identifier: Apache-2.0
package upstreamreset.server;

import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.StatusCodes;
import java.util.SortedMap;
import java.util.TreeMap;

/** Chooses the handler of a path, or of all paths below one that ends in a slash, and counts the responses. */
final class Routes implements HttpHandler {
    private final SortedMap<String, HttpHandler> handlers = new TreeMap<>();
    private final MetricsHandler metrics;

    Routes(MetricsHandler metrics) {
        this.metrics = metrics;
    }

    Routes add(String path, HttpHandler handler) {
        handlers.put(path, handler);
        return this;
    }

    /** The nearest folder of a path that has a handler; the path itself where none has. What it costs grows with the folders alone. */
    private String above(String path) {
        var nearest = "/";
        for (var each : handlers.keySet()) {
            if (each.endsWith("/") && each.length() > nearest.length() && path.startsWith(each)) {
                nearest = each;
            }
        }
        return nearest.equals("/") ? path : nearest;
    }

    @Override
    public void handleRequest(HttpServerExchange exchange) throws Exception {
        var path = exchange.getRequestPath();
        var label = handlers.containsKey(path) ? path : above(path);
        var handler = handlers.get(label);
        if (handler == null) {
            var paths = String.join(", ", handlers.keySet());
            Responses.text(exchange, StatusCodes.NOT_FOUND, "There is nothing at this path. Try one of " + paths + ".");
        } else {
            handler.handleRequest(exchange);
        }
        if (handler == null) {
            countOther(exchange);
        } else {
            metrics.count(label, exchange.getStatusCode());
        }
    }

    /** Counts a response of which the path says nothing: a client must not create metrics without end. */
    void countOther(HttpServerExchange exchange) {
        metrics.count("other", exchange.getStatusCode());
    }
}
