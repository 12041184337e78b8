// SPDX-License-Identifier: Apache-2.0
package upstreamreset.server;

import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.Headers;
import java.util.List;

/** {@code /}: who answers, as JSON, or as a page for a browser. */
final class HomeHandler implements HttpHandler {
    private final List<StatusValue> status;

    HomeHandler(List<StatusValue> status) {
        this.status = List.copyOf(status);
    }

    @Override
    public void handleRequest(HttpServerExchange exchange) {
        var json = new StringBuilder("{");
        for (var each : status) {
            json.append(json.length() == 1 ? "" : ", ")
                    .append(Json.string(each.name()))
                    .append(": ")
                    .append(Json.string(each.value().get()));
        }
        exchange.getResponseHeaders().put(Headers.CONTENT_TYPE, "application/json");
        exchange.getResponseSender().send(json.append("}\n").toString());
    }
}
