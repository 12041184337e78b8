// SPDX-License-Identifier: Apache-2.0
package upstreamreset.server;

import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.StatusCodes;
import java.util.Map;

/** Which handler answers a path, or all paths below one that ends in a slash, and how often each path got which status. */
final class Routes implements HttpHandler {
    private final Map<String, HttpHandler> handlers;
    private final String otherwise;
    private final ResponseCounters answers;

    Routes(Map<String, HttpHandler> handlers, ResponseCounters answers) {
        this.handlers = Map.copyOf(handlers);
        this.answers = answers;
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
            TextHandler.send(exchange, StatusCodes.NOT_FOUND, otherwise);
        } else {
            handler.handleRequest(exchange);
        }
        // Paths that do not exist share a label: a client must not be able to make metrics without end.
        answers.count(handler == null ? "other" : label, exchange.getStatusCode());
    }
}
