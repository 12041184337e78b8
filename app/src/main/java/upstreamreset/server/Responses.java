// SPDX-License-Identifier: Apache-2.0
package upstreamreset.server;

import io.undertow.server.HttpServerExchange;
import io.undertow.util.Headers;
import java.util.function.Supplier;

/** Answers that do not stream: a sentence, or a page that is JSON for clients that do not accept HTML. */
final class Responses {
    private Responses() {}

    static void text(HttpServerExchange exchange, int status, String sentence) {
        exchange.setStatusCode(status);
        exchange.getResponseHeaders().put(Headers.CONTENT_TYPE, "text/plain; charset=utf-8");
        exchange.getResponseSender().send(sentence + "\n");
    }

    static void page(HttpServerExchange exchange, Supplier<String> html, Supplier<String> json) {
        var accept = exchange.getRequestHeaders().getFirst(Headers.ACCEPT);
        boolean page = accept != null && accept.contains("text/html");
        exchange.getResponseHeaders()
                .put(Headers.VARY, "Accept")
                .put(Headers.CONTENT_TYPE, page ? "text/html; charset=utf-8" : "application/json");
        exchange.getResponseSender().send(page ? html.get() : json.get());
    }
}
