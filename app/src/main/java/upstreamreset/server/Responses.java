// SPDX-License-Identifier: Apache-2.0
package upstreamreset.server;

import io.undertow.server.HttpServerExchange;
import io.undertow.util.Headers;
import io.undertow.util.HttpString;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.function.Supplier;

/** Answers that do not stream: a sentence, or a page that is JSON for clients that do not accept HTML. */
final class Responses {
    private static final HttpString CONTENT_SECURITY_POLICY = new HttpString("Content-Security-Policy");

    private Responses() {}

    static void text(HttpServerExchange exchange, int status, String sentence) {
        exchange.setStatusCode(status);
        send(exchange, "text/plain; charset=utf-8", bytes(sentence + "\n"));
    }

    static void page(HttpServerExchange exchange, Supplier<ByteBuffer> html, Supplier<ByteBuffer> json) {
        var accept = exchange.getRequestHeaders().getFirst(Headers.ACCEPT);
        boolean page = accept != null && accept.contains("text/html");
        exchange.getResponseHeaders().put(Headers.VARY, "Accept");
        if (page) {
            exchange.getResponseHeaders()
                    .put(
                            CONTENT_SECURITY_POLICY,
                            "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; "
                                    + "frame-ancestors 'none'");
        }
        send(exchange, page ? "text/html; charset=utf-8" : "application/json", (page ? html : json).get());
    }

    static void send(HttpServerExchange exchange, String type, ByteBuffer body) {
        exchange.getResponseHeaders()
                .put(Headers.CONTENT_TYPE, type)
                .put(Headers.X_CONTENT_TYPE_OPTIONS, "nosniff")
                .put(Headers.CACHE_CONTROL, "no-store");
        exchange.getResponseSender().send(body);
    }

    /** The text in UTF-8, to be sent as often as one likes: by a duplicate. */
    static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)).asReadOnlyBuffer();
    }
}
