// SPDX-License-Identifier: Apache-2.0
package upstreamreset.server;

import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import upstreamreset.scenario.Catalogue;
import upstreamreset.scenario.ScenarioJson;
import upstreamreset.site.CataloguePage;

/**
 * {@code /scenarios}: the catalogue, as JSON, or as a page if the client accepts HTML; each is built once for all
 * clients.
 */
final class ScenariosHandler implements HttpHandler {
    private final Catalogue catalogue;
    private @Nullable ByteBuffer page;
    private @Nullable ByteBuffer json;

    ScenariosHandler(Catalogue catalogue) {
        this.catalogue = catalogue;
    }

    @Override
    public void handleRequest(HttpServerExchange exchange) {
        if (Responses.acceptsHtml(exchange)) {
            Responses.html(exchange, sharedPage());
        } else {
            Responses.send(exchange, "application/json", sharedJson());
        }
    }

    private synchronized ByteBuffer sharedPage() {
        if (page == null) {
            page = Responses.bytes(CataloguePage.of(catalogue.all()));
        }
        return page.duplicate();
    }

    private synchronized ByteBuffer sharedJson() {
        if (json == null) {
            json = Responses.bytes(ScenarioJson.of(catalogue.all()) + "\n");
        }
        return json.duplicate();
    }
}
