// SPDX-License-Identifier: Apache-2.0
package upstreamreset.server;

import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.HeaderMap;
import io.undertow.util.Headers;
import io.undertow.util.StatusCodes;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * The first handler of every request: it tells the guard that the head is complete, and forgets the request as soon as
 * its handler has returned, so that a long response does not keep a long request in memory.
 */
record Admission(Routes next) implements HttpHandler {
    private static final Set<String> PROBES = Set.of("/health", "/ready", "/metrics");

    /** A fault may depend on the method (a retry does), so that the paths take all that a client of HTTP sends. */
    private static final Set<String> METHODS = Set.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS");

    private static final Set<String> OTHER_METHODS = Set.of("TRACE", "CONNECT");
    private static final String ALLOW = "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS";

    @Override
    public void handleRequest(HttpServerExchange exchange) throws Exception {
        var guard = ConnectionGuard.of(exchange);
        guard.exchangeBegins();
        // Undertow begins the next request there, and logs with a trace where the server is closing.
        exchange.addExchangeCompleteListener((_, after) -> guard.run(() -> {
            guard.exchangeEnded();
            after.proceed();
        }));
        if (!exchange.isRequestComplete() && exchange.getRequestHeaders().contains(Headers.TRANSFER_ENCODING)) {
            exchange.addRequestWrapper((body, _) -> guard.chunkedBody(body.create()));
        }
        if (guard.turn().isOverForRequest()) {
            var thread = exchange.getIoThread();
            exchange.dispatch(task -> thread.executeAfter(task, Turn.PAUSE_MILLIS, TimeUnit.MILLISECONDS), nextTurn -> {
                guard.turn().begins();
                answer(nextTurn, guard);
            });
        } else {
            answer(exchange, guard);
        }
    }

    private void answer(HttpServerExchange exchange, ConnectionGuard guard) throws Exception {
        if (!PROBES.contains(exchange.getRequestPath()) && guard.refusesAllButProbes()) {
            exchange.setPersistent(false);
            Responses.text(exchange, StatusCodes.SERVICE_UNAVAILABLE, Refusal.PROBES_ONLY.sentence());
        } else if (!METHODS.contains(exchange.getRequestMethod().toString())) {
            boolean known = OTHER_METHODS.contains(exchange.getRequestMethod().toString());
            exchange.setPersistent(false);
            exchange.getResponseHeaders().put(Headers.ALLOW, ALLOW);
            Responses.text(
                    exchange,
                    known ? StatusCodes.METHOD_NOT_ALLOWED : StatusCodes.NOT_IMPLEMENTED,
                    "The methods here are " + ALLOW + ".");
            next.countOther(exchange);
        } else {
            next.handleRequest(exchange);
        }
        if (!exchange.isComplete()) {
            forget(exchange);
            guard.headForgotten();
        }
    }

    /** All but the expectation (RFC 9110 §10.1.1), on which the reading of a body still depends. */
    private static void forget(HttpServerExchange exchange) {
        HeaderMap fields = exchange.getRequestHeaders();
        var expectation = fields.getFirst(Headers.EXPECT);
        fields.clear();
        if (expectation != null) {
            fields.put(Headers.EXPECT, expectation.length() > 32 ? "" : expectation);
        }
        exchange.getQueryParameters().clear();
        exchange.setQueryString("").setRequestURI("/").setRequestPath("/").setRelativePath("/");
    }
}
