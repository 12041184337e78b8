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
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.stream.Collectors;
import upstreamreset.wire.Bytes;

/** {@code /correct} and {@code /wrong}: the same stream with different Transfer-Encoding fields. */
final class StreamHandler implements HttpHandler {
    private final String transferEncoding;
    private final StreamPlan chunked;
    private final StreamPlan bare;
    private final Streams streams;
    private final Answered answered;

    /** The head of the last answer: within a second most are equal, and share one text. */
    private volatile String lastHead = "";

    /** @param transferCodings the values of the Transfer-Encoding lines, one line each, in this order and spelling */
    StreamHandler(List<String> transferCodings, ServeOptions options, Streams streams, Answered answered) {
        this.transferEncoding = transferCodings.stream()
                .map(coding -> "Transfer-Encoding: " + coding + "\r\n")
                .collect(Collectors.joining());
        this.chunked = StreamPlan.chunked(options);
        this.bare = StreamPlan.bare(options);
        this.streams = streams;
        this.answered = answered;
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
        var text = shared(head(
                exchange.getProtocol().toString(),
                exchange.isPersistent(),
                codes,
                DateUtils.getCurrentDateTime(exchange)));
        ResponseHeadConduit.replaceHead(exchange, text);
        if (head) {
            exchange.endExchange();
        } else {
            // Undertow ends an exchange whose handler returns, unless it was dispatched. The IO thread is kept.
            exchange.dispatch(
                    SameThreadExecutor.INSTANCE,
                    () -> new ChunkStream(exchange, codes ? chunked : bare, streams, text, answered).start());
        }
    }

    private String shared(String head) {
        var last = lastHead;
        if (last.equals(head)) {
            return last;
        }
        lastHead = head;
        return head;
    }

    /** An answer as it goes on the wire. */
    Bytes sample() {
        var date = DateTimeFormatter.RFC_1123_DATE_TIME.format(ZonedDateTime.now(ZoneOffset.UTC));
        return Bytes.concat(List.of(Bytes.latin1(head("HTTP/1.1", true, true, date)), chunked.first()));
    }

    private String head(String protocol, boolean persistent, boolean codes, String date) {
        return protocol + " 200 OK\r\n"
                + (persistent ? "Connection: Keep-Alive\r\n" : "Connection: close\r\n")
                + (codes ? transferEncoding : "")
                + "X-Content-Type-Options: nosniff\r\n"
                + "Date: " + date + "\r\n\r\n";
    }
}
