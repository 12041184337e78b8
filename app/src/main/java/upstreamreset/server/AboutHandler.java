// SPDX-License-Identifier: Apache-2.0
package upstreamreset.server;

import io.undertow.server.HttpServerExchange;
import io.undertow.util.StatusCodes;
import java.util.Map;
import java.util.Objects;
import upstreamreset.scenario.Scenario;
import upstreamreset.scenario.ScenarioJson;
import upstreamreset.site.AboutPage;

/**
 * {@code /scenarios/NAME/about}: the description of a scenario, as a page, or as JSON if the client does not accept
 * HTML.
 */
record AboutHandler(Map<String, StreamHandler> streams) {
    static final String SUFFIX = "/about";

    void handle(HttpServerExchange exchange, Scenario scenario) {
        boolean page = Responses.acceptsHtml(exchange);
        var body = Responses.bytes(
                page
                        ? AboutPage.of(
                                scenario,
                                path -> Objects.requireNonNull(streams.get(path), path)
                                        .sample())
                        : ScenarioJson.of(scenario) + "\n");
        if (!ConnectionGuard.of(exchange).holdsAnswer(body.remaining())) {
            Responses.text(
                    exchange, StatusCodes.SERVICE_UNAVAILABLE, "Too many unread answers at once; ask again later.");
        } else if (page) {
            Responses.html(exchange, body);
        } else {
            Responses.send(exchange, "application/json", body);
        }
    }
}
