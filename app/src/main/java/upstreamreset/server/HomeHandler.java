// SPDX-License-Identifier: Apache-2.0
package upstreamreset.server;

import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import upstreamreset.wire.Escape;

/** {@code /}: hostname, leader and version, as JSON, or as a page where the client accepts HTML. */
record HomeHandler(Supplier<Map<String, String>> status) implements HttpHandler {
    private static final List<String> LINKS =
            List.of("/correct", "/wrong", "/scenarios", "/health", "/ready", "/metrics");

    @Override
    public void handleRequest(HttpServerExchange exchange) {
        Responses.page(exchange, () -> Responses.bytes(page()), () -> Responses.bytes(json()));
    }

    private String json() {
        return status.get().entrySet().stream()
                .map(each -> Escape.json(each.getKey()) + ": " + Escape.json(each.getValue()))
                .collect(Collectors.joining(", ", "{", "}\n"));
    }

    private String page() {
        var rows = status.get().entrySet().stream()
                .map(each -> "<tr><th>" + Escape.markup(each.getKey()) + "<td>" + Escape.markup(each.getValue()) + "\n")
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
