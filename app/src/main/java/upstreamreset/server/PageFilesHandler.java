// SPDX-License-Identifier: Apache-2.0
package upstreamreset.server;

import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.Headers;
import io.undertow.util.StatusCodes;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import upstreamreset.page.PageFile;
import upstreamreset.scenario.Catalogue;
import upstreamreset.site.HomePage;
import upstreamreset.site.ScenarioList;
import upstreamreset.wire.Bytes;

/** {@code /page/FILE}: the style, the script and the data of the app's pages; each is built once for all clients. */
final class PageFilesHandler implements HttpHandler {
    static final String PREFIX = "/page/";

    private final Map<String, Supplier<String>> files;
    private final Map<String, ByteBuffer> made = new HashMap<>();

    PageFilesHandler(Catalogue catalogue, ServeOptions options) {
        files = Map.of(
                "app.css",
                () -> Bytes.ofResource(PageFile.class, "base.css").utf8()
                        + Bytes.ofResource(HomePage.class, "app.css").utf8(),
                "app.js",
                () -> Bytes.ofResource(HomePage.class, "app.js").utf8(),
                "live.js",
                () -> Bytes.ofResource(HomePage.class, "live.js").utf8(),
                "icon.svg",
                () -> Bytes.ofResource(HomePage.class, "icon.svg").utf8(),
                "scenarios.json",
                () -> ScenarioList.json(catalogue.all(), options.period().multipliedBy(options.chunks())));
    }

    @Override
    public void handleRequest(HttpServerExchange exchange) {
        var name = exchange.getRequestPath().substring(PREFIX.length());
        if (!files.containsKey(name)) {
            Responses.text(exchange, StatusCodes.NOT_FOUND, "There is no such file.");
            return;
        }
        Responses.send(exchange, type(name), made(name).duplicate());
        // A new build has new files: a browser asks each time.
        exchange.getResponseHeaders().put(Headers.CACHE_CONTROL, "no-cache");
    }

    private synchronized ByteBuffer made(String name) {
        return made.computeIfAbsent(
                name,
                each -> Responses.bytes(
                        Objects.requireNonNull(files.get(each), each).get()));
    }

    private static String type(String name) {
        return switch (name.substring(name.indexOf('.'))) {
            case ".css" -> "text/css; charset=utf-8";
            case ".js" -> "text/javascript; charset=utf-8";
            case ".svg" -> "image/svg+xml";
            default -> "application/json";
        };
    }
}
