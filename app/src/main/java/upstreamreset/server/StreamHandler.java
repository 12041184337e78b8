// SPDX-License-Identifier: Apache-2.0
package upstreamreset.server;

import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import io.undertow.server.protocol.http.HttpAttachments;
import io.undertow.util.Headers;
import io.undertow.util.HttpString;
import io.undertow.util.Methods;
import io.undertow.util.SameThreadExecutor;
import java.util.List;

/** {@code /correct} and {@code /wrong}: the same stream, under the transfer codings that each claims. */
final class StreamHandler implements HttpHandler {
    private static final HttpString CONTENT_TYPE_OPTIONS = new HttpString("X-Content-Type-Options");

    private final List<String> transferCodings;
    private final StreamPlan chunked;
    private final StreamPlan bare;
    private final Streams streams;

    /** @param transferCodings the values of the Transfer-Encoding lines, one line each, in this order and spelling */
    StreamHandler(List<String> transferCodings, StreamPlan chunked, StreamPlan bare, Streams streams) {
        this.transferCodings = List.copyOf(transferCodings);
        this.chunked = chunked;
        this.bare = bare;
        this.streams = streams;
    }

    @Override
    public void handleRequest(HttpServerExchange exchange) {
        var headers = exchange.getResponseHeaders();
        headers.put(Headers.CONNECTION, "Keep-Alive");
        // RFC 9112 §6.1: no transfer coding towards HTTP/1.0.
        boolean codes = exchange.isHttp11();
        if (codes) {
            transferCodings.forEach(coding -> headers.add(Headers.TRANSFER_ENCODING, coding));
            exchange.putAttachment(HttpAttachments.PRE_CHUNKED_RESPONSE, true);
        }
        headers.put(CONTENT_TYPE_OPTIONS, "nosniff");
        if (exchange.getRequestMethod().equals(Methods.HEAD)) {
            exchange.endExchange();
            return;
        }
        // Undertow ends an exchange when its handler returns, unless it was dispatched; this stays on the IO thread.
        exchange.dispatch(
                SameThreadExecutor.INSTANCE, () -> new ChunkStream(exchange, codes ? chunked : bare, streams).start());
    }
}
