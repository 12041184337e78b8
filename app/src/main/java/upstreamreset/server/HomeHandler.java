// SPDX-License-Identifier: Apache-2.0
package upstreamreset.server;

import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.HttpString;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import upstreamreset.site.HomePage;
import upstreamreset.site.Visit;
import upstreamreset.wire.Escape;

/** {@code /}: hostname, leader and version, as JSON, or as the app's page if the client accepts HTML. */
final class HomeHandler implements HttpHandler {
    private final Supplier<Map<String, String>> status;
    private final boolean live;
    private @Nullable HomePage page;

    HomeHandler(Supplier<Map<String, String>> status, boolean live) {
        this.status = status;
        this.live = live;
    }

    @Override
    public void handleRequest(HttpServerExchange exchange) {
        if (!Responses.acceptsHtml(exchange)) {
            Responses.send(exchange, "application/json", Responses.bytes(json()));
            return;
        }
        var visit = Visit.of(name -> exchange.getRequestHeaders().contains(new HttpString(name)));
        var shared = page();
        Responses.html(
                exchange,
                shared.before().buffer(),
                Responses.bytes(HomePage.who(status.get(), visit, live)),
                shared.after().buffer());
    }

    private synchronized HomePage page() {
        var made = page == null ? new HomePage() : page;
        page = made;
        return made;
    }

    private String json() {
        return status.get().entrySet().stream()
                .map(each -> Escape.json(each.getKey()) + ": " + Escape.json(each.getValue()))
                .collect(Collectors.joining(", ", "{", "}\n"));
    }
}
