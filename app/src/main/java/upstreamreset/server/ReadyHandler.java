// SPDX-License-Identifier: Apache-2.0
package upstreamreset.server;

import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.StatusCodes;
import java.util.function.Supplier;

/** {@code /ready}: whether new requests should come here. */
final class ReadyHandler implements HttpHandler {
    private final Supplier<AppPhase> phase;

    ReadyHandler(Supplier<AppPhase> phase) {
        this.phase = phase;
    }

    @Override
    public void handleRequest(HttpServerExchange exchange) {
        switch (phase.get()) {
            case STARTING -> TextHandler.send(exchange, StatusCodes.SERVICE_UNAVAILABLE, "starting");
            case SERVING -> TextHandler.send(exchange, StatusCodes.OK, "ready");
            case DRAINING -> TextHandler.send(exchange, StatusCodes.SERVICE_UNAVAILABLE, "draining");
        }
    }
}
