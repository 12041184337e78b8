// SPDX-License-Identifier: Apache-2.0
package upstreamreset.server;

import io.undertow.server.HttpServerExchange;
import io.undertow.util.Headers;
import io.undertow.util.HttpString;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Responses that do not stream: a sentence, a page or a file. */
final class Responses {
    private static final HttpString CONTENT_SECURITY_POLICY = new HttpString("Content-Security-Policy");

    private static final String POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
            + "img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private Responses() {}

    static void text(HttpServerExchange exchange, int status, String sentence) {
        exchange.setStatusCode(status);
        send(exchange, "text/plain; charset=utf-8", bytes(sentence + "\n"));
    }

    /**
     * Whether the client is a browser that shows a page; the response depends on its Accept, so caches must vary by it.
     */
    static boolean acceptsHtml(HttpServerExchange exchange) {
        var accept = exchange.getRequestHeaders().getFirst(Headers.ACCEPT);
        exchange.getResponseHeaders().put(Headers.VARY, "Accept");
        return accept != null && accept.contains("text/html");
    }

    /** A page, which loads and runs nothing but the app's own files. */
    static void html(HttpServerExchange exchange, ByteBuffer... parts) {
        exchange.getResponseHeaders().put(CONTENT_SECURITY_POLICY, POLICY);
        head(exchange, "text/html; charset=utf-8");
        exchange.getResponseSender().send(parts);
    }

    static void send(HttpServerExchange exchange, String type, ByteBuffer body) {
        head(exchange, type);
        exchange.getResponseSender().send(body);
    }

    private static void head(HttpServerExchange exchange, String type) {
        exchange.getResponseHeaders()
                .put(Headers.CONTENT_TYPE, type)
                .put(Headers.X_CONTENT_TYPE_OPTIONS, "nosniff")
                .put(Headers.CACHE_CONTROL, "no-store")
                .put(Headers.REFERRER_POLICY, "no-referrer");
    }

    /** The text in UTF-8, to be sent as often as one likes: by a duplicate. */
    static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)).asReadOnlyBuffer();
    }
}
