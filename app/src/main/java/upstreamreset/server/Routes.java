// SPDX-License-Identifier: Apache-2.0
package upstreamreset.server;

import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.StatusCodes;
import java.util.Map;

/** Chooses the handler of a path, or of all paths below one that ends in a slash, and counts the responses. */
final class Routes implements HttpHandler {
    private final Map<String, HttpHandler> handlers;
    private final String otherwise;
    private final MetricsHandler metrics;

    Routes(Map<String, HttpHandler> handlers, MetricsHandler metrics) {
        this.handlers = Map.copyOf(handlers);
        this.metrics = metrics;
        this.otherwise = "There is nothing at this path. Try one of "
                + String.join(", ", this.handlers.keySet().stream().sorted().toList()) + ".";
    }

    @Override
    public void handleRequest(HttpServerExchange exchange) throws Exception {
        var path = exchange.getRequestPath();
        int below = path.lastIndexOf('/') + 1;
        var label = handlers.containsKey(path) || below == 1 ? path : path.substring(0, below);
        var handler = handlers.get(label);
        if (handler == null) {
            Responses.text(exchange, StatusCodes.NOT_FOUND, otherwise);
        } else {
            handler.handleRequest(exchange);
        }
        // Unknown paths share a label: a client must not create metrics without end.
        metrics.count(handler == null ? "other" : label, exchange.getStatusCode());
    }
}
