// SPDX-License-Identifier: Apache-2.0
package upstreamreset.server;

import io.undertow.server.AbstractServerConnection;
import io.undertow.server.Connectors;
import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.Headers;
import io.undertow.util.SameThreadExecutor;
import io.undertow.util.StatusCodes;
import org.xnio.IoUtils;
import org.xnio.StreamConnection;
import upstreamreset.scenario.Catalogue;
import upstreamreset.scenario.Source;
import upstreamreset.scenario.WireScript;
import upstreamreset.scenario.WireStep;
import upstreamreset.site.RecentAnswers;

/**
 * {@code /scenarios/NAME}: the scenario's raw bytes; with {@code ?writes=one-byte} each in a separate write. {@link
 * AboutHandler} handles {@code /about} below it.
 *
 * @param answers where the app records its responses
 */
record ScenarioHandler(Catalogue catalogue, AboutHandler about, RecentAnswers answers) implements HttpHandler {
    static final String PREFIX = "/scenarios/";

    @Override
    public void handleRequest(HttpServerExchange exchange) {
        var path = exchange.getRequestPath().substring(PREFIX.length());
        boolean asksAbout = path.endsWith(AboutHandler.SUFFIX);
        var name = asksAbout ? path.substring(0, path.length() - AboutHandler.SUFFIX.length()) : path;
        var scenario = catalogue.find(name);
        if (scenario.isEmpty()) {
            var nearest = catalogue.nearest(name);
            var hint = nearest.isEmpty() ? "/scenarios lists them" : "did you mean " + String.join(" or ", nearest);
            Responses.text(exchange, StatusCodes.NOT_FOUND, "There is no such scenario; " + hint + ".");
            return;
        }
        if (asksAbout) {
            about.handle(exchange, scenario.get());
            return;
        }
        switch (scenario.get().source()) {
            case Source.App(var own) -> {
                exchange.setStatusCode(StatusCodes.TEMPORARY_REDIRECT);
                exchange.getResponseHeaders().put(Headers.LOCATION, own);
            }
            case Source.Nobody _ ->
                Responses.text(
                        exchange,
                        StatusCodes.NOT_FOUND,
                        name + " needs a port that refuses connections: 'upstream-reset reproduce " + name
                                + "' shows it.");
            case WireScript script
            when script.protocol() == WireScript.Protocol.HTTP_2 ->
                Responses.text(
                        exchange,
                        StatusCodes.NOT_FOUND,
                        name + " speaks HTTP/2: ask for it so, with prior knowledge (curl --http2-prior-knowledge).");
            case WireScript script -> read(exchange, script, new Answered(answers, name));
        }
    }

    /** Reads the request's body where the script reads it. */
    private void read(HttpServerExchange exchange, WireScript script, Answered answered) {
        var writes = exchange.getQueryParameters().get("writes");
        boolean oneByte = writes != null && writes.contains("one-byte");
        if (script.steps().getFirst() instanceof WireStep.ReadRequest) {
            exchange.getRequestReceiver()
                    .receivePartialBytes(
                            (_, _, last) -> {
                                if (last) {
                                    play(exchange, script, oneByte, answered);
                                }
                            },
                            (_, _) -> IoUtils.safeClose(exchange.getConnection()));
        } else {
            play(exchange, script, oneByte, answered);
        }
    }

    private void play(HttpServerExchange exchange, WireScript script, boolean oneByte, Answered answered) {
        var guard = ConnectionGuard.of(exchange);
        // Undertow ends an exchange whose handler returns, unless it was dispatched. The IO thread is kept.
        exchange.dispatch(
                SameThreadExecutor.INSTANCE,
                () -> guard.run(() -> WireConnection.play(
                        (AbstractServerConnection) exchange.getConnection(),
                        guard,
                        script,
                        oneByte,
                        answered,
                        connection -> giveBack(connection, exchange))));
    }

    /** Undertow goes on with the next request, as behind an exchange of its own; not behind a body that is still to come. */
    private static void giveBack(StreamConnection connection, HttpServerExchange exchange) {
        if (!exchange.isRequestComplete()) {
            IoUtils.safeClose(connection);
            return;
        }
        exchange.setPersistent(true);
        Connectors.terminateRequest(exchange);
        Connectors.terminateResponse(exchange);
    }
}
