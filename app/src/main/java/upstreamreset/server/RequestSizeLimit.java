// SPDX-License-Identifier: Apache-2.0
package upstreamreset.server;

import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.HeaderValues;
import io.undertow.util.StatusCodes;

/** Answers 431 (RFC 6585 §5) to a request whose head is too large. */
record RequestSizeLimit(HttpHandler next) implements HttpHandler {
    /** More than browsers, curl and Envoy (60 KiB) send. */
    static final int MAX_HEAD_BYTES = 64 * 1024;

    /** Where Undertow itself stops reading, without a word; a head of a size between the two gets a sentence. */
    static final int MAX_READ_BYTES = 1024 * 1024;

    @Override
    public void handleRequest(HttpServerExchange exchange) throws Exception {
        long bytes = exchange.getRequestURI().length();
        bytes += exchange.getQueryString().length();
        for (HeaderValues field : exchange.getRequestHeaders()) {
            for (var value : field) {
                bytes += field.getHeaderName().length() + value.length() + 4;
            }
        }
        if (bytes > MAX_HEAD_BYTES) {
            exchange.setPersistent(false);
            Responses.text(
                    exchange,
                    StatusCodes.REQUEST_HEADER_FIELDS_TOO_LARGE,
                    "The request's head is longer than " + MAX_HEAD_BYTES + " bytes.");
        } else {
            next.handleRequest(exchange);
        }
    }
}
