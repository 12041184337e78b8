// SPDX-License-Identifier: Apache-2.0
package upstreamreset.server;

import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import io.undertow.server.protocol.http.HttpAttachments;
import io.undertow.util.DateUtils;
import io.undertow.util.Headers;
import io.undertow.util.Methods;
import io.undertow.util.SameThreadExecutor;
import io.undertow.util.StatusCodes;
import java.util.List;
import java.util.stream.Collectors;

/** {@code /correct} and {@code /wrong}: the same stream, under the transfer codings that each claims. */
final class StreamHandler implements HttpHandler {
    private final String transferEncoding;
    private final StreamPlan chunked;
    private final StreamPlan bare;
    private final Streams streams;

    /** @param transferCodings the values of the Transfer-Encoding lines, one line each, in this order and spelling */
    StreamHandler(List<String> transferCodings, ServeOptions options, Streams streams) {
        this.transferEncoding = transferCodings.stream()
                .map(coding -> "Transfer-Encoding: " + coding + "\r\n")
                .collect(Collectors.joining());
        this.chunked = StreamPlan.chunked(options);
        this.bare = StreamPlan.bare(options);
        this.streams = streams;
    }

    @Override
    public void handleRequest(HttpServerExchange exchange) {
        boolean head = exchange.getRequestMethod().equals(Methods.HEAD);
        if (!head && !streams.open()) {
            exchange.setPersistent(false);
            Responses.text(exchange, StatusCodes.SERVICE_UNAVAILABLE, "draining: no new streams here");
            return;
        }
        // RFC 9112 §6.1: no transfer coding towards HTTP/1.0; there the end of the connection ends the body.
        boolean codes = exchange.isHttp11();
        if (codes) {
            exchange.getResponseHeaders().put(Headers.TRANSFER_ENCODING, Headers.CHUNKED.toString());
            exchange.putAttachment(HttpAttachments.PRE_CHUNKED_RESPONSE, true);
        } else {
            exchange.setPersistent(false);
        }
        ResponseHeadConduit.replaceHead(exchange, head(exchange, codes));
        if (head) {
            exchange.endExchange();
        } else {
            // Undertow ends an exchange whose handler returns, unless it was dispatched. The IO thread is kept.
            exchange.dispatch(
                    SameThreadExecutor.INSTANCE,
                    () -> new ChunkStream(exchange, codes ? chunked : bare, streams).start());
        }
    }

    private String head(HttpServerExchange exchange, boolean codes) {
        return exchange.getProtocol() + " 200 OK\r\n"
                + (exchange.isPersistent() ? "Connection: Keep-Alive\r\n" : "Connection: close\r\n")
                + (codes ? transferEncoding : "")
                + "X-Content-Type-Options: nosniff\r\n"
                + "Date: " + DateUtils.getCurrentDateTime(exchange) + "\r\n\r\n";
    }
}
