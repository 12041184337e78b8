// SPDX-License-Identifier: Apache-2.0
package upstreamreset.server;

import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.Headers;
import java.util.List;
import java.util.stream.Collectors;
import upstreamreset.wire.Escape;

/** {@code /}: hostname, leader and version, as JSON, or as a page where the client accepts HTML. */
final class HomeHandler implements HttpHandler {
    private static final List<String> LINKS =
            List.of("/correct", "/wrong", "/scenarios", "/health", "/ready", "/metrics");

    private final List<StatusValue> status;

    HomeHandler(List<StatusValue> status) {
        this.status = List.copyOf(status);
    }

    @Override
    public void handleRequest(HttpServerExchange exchange) {
        var accept = exchange.getRequestHeaders().getFirst(Headers.ACCEPT);
        boolean html = accept != null && accept.contains("text/html");
        exchange.getResponseHeaders().put(Headers.VARY, "Accept");
        exchange.getResponseHeaders().put(Headers.CONTENT_TYPE, html ? "text/html; charset=utf-8" : "application/json");
        exchange.getResponseSender().send(html ? page() : json());
    }

    private String json() {
        return status.stream()
                .map(each -> Escape.json(each.name()) + ": "
                        + Escape.json(each.value().get()))
                .collect(Collectors.joining(", ", "{", "}\n"));
    }

    private String page() {
        var rows = status.stream()
                .map(each -> "<tr><th>" + Escape.markup(each.name()) + "<td>"
                        + Escape.markup(each.value().get()) + "\n")
                .collect(Collectors.joining());
        var links = LINKS.stream()
                .map(path -> "<li><a href=\"" + path + "\">" + path + "</a>\n")
                .collect(Collectors.joining());
        return """
                <!doctype html>
                <html lang="en">
                <meta charset="utf-8">
                <title>upstream-reset</title>
                <style>body{font:1rem/1.5 sans-serif;margin:2rem}th{text-align:left;padding-right:1rem}</style>
                <h1>upstream-reset</h1>
                <table>
                %s</table>
                <ul>
                %s</ul>
                </html>
                """.formatted(rows, links);
    }
}
