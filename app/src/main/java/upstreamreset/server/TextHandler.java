// SPDX-License-Identifier: Apache-2.0
package upstreamreset.server;

import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.Headers;

/** Answers one sentence under one status. */
record TextHandler(int status, String sentence) implements HttpHandler {
    @Override
    public void handleRequest(HttpServerExchange exchange) {
        send(exchange, status, sentence);
    }

    static void send(HttpServerExchange exchange, int status, String sentence) {
        exchange.setStatusCode(status);
        exchange.getResponseHeaders().put(Headers.CONTENT_TYPE, "text/plain; charset=utf-8");
        exchange.getResponseSender().send(sentence + "\n");
    }
}
