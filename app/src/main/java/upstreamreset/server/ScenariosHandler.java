// SPDX-License-Identifier: Apache-2.0
package upstreamreset.server;

import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import java.nio.ByteBuffer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import upstreamreset.scenario.Catalogue;
import upstreamreset.scenario.Scenario;
import upstreamreset.scenario.ScenarioJson;
import upstreamreset.wire.Escape;

/** {@code /scenarios}: the catalogue, as JSON, or as a page where the client accepts HTML; each is made once, for all clients. */
final class ScenariosHandler implements HttpHandler {
    private final Catalogue catalogue;
    private @Nullable ByteBuffer page;
    private @Nullable ByteBuffer json;

    ScenariosHandler(Catalogue catalogue) {
        this.catalogue = catalogue;
    }

    @Override
    public void handleRequest(HttpServerExchange exchange) {
        Responses.page(exchange, this::sharedPage, this::sharedJson);
    }

    private synchronized ByteBuffer sharedPage() {
        if (page == null) {
            page = Responses.bytes(page());
        }
        return page.duplicate();
    }

    private synchronized ByteBuffer sharedJson() {
        if (json == null) {
            json = Responses.bytes(ScenarioJson.of(catalogue.all()) + "\n");
        }
        return json.duplicate();
    }

    private String page() {
        var rows = catalogue.all().stream().map(ScenariosHandler::row).collect(Collectors.joining());
        return """
                <!doctype html>
                <html lang="en">
                <meta charset="utf-8">
                <title>upstream-reset: scenarios</title>
                <style>
                body{font:1rem/1.4 sans-serif;margin:2rem}td{padding:.1rem 1rem .1rem 0;vertical-align:top}
                td:last-child{font-family:monospace}
                </style>
                <h1>Scenarios</h1>
                <p>Each link answers with exactly the bytes of its scenario; behind it stands what Envoy makes of them.
                <table>
                %s</table>
                </html>
                """.formatted(rows);
    }

    private static String row(Scenario scenario) {
        var path = scenario.livePath();
        var name = Escape.markup(scenario.name());
        return "<tr><td>"
                + path.map(link -> "<a href=\"" + Escape.markup(link) + "\">" + name + "</a>")
                        .orElse(name)
                + "<td>" + Escape.markup(scenario.sentence())
                + "<td>" + Escape.markup(scenario.expectation().inShort())
                + "\n";
    }
}
