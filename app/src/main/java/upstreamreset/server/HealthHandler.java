// SPDX-License-Identifier: Apache-2.0
package upstreamreset.server;

import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.StatusCodes;
import java.util.Optional;
import java.util.function.Supplier;

/** {@code /health}: 503, with the reason, when only a restart helps. */
final class HealthHandler implements HttpHandler {
    private final Supplier<Optional<String>> unhealthy;

    HealthHandler(Supplier<Optional<String>> unhealthy) {
        this.unhealthy = unhealthy;
    }

    @Override
    public void handleRequest(HttpServerExchange exchange) {
        var reason = unhealthy.get();
        if (reason.isEmpty()) {
            TextHandler.send(exchange, StatusCodes.OK, "healthy");
        } else {
            TextHandler.send(exchange, StatusCodes.SERVICE_UNAVAILABLE, reason.get());
        }
    }
}
