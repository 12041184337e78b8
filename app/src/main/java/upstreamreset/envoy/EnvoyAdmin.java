// SPDX-License-Identifier: Apache-2.0
package upstreamreset.envoy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import upstreamreset.envoy.install.EnvoyException;
import upstreamreset.http1.CloseReason;
import upstreamreset.http1.RawExchange;
import upstreamreset.http1.RawResponse;
import upstreamreset.http1.RequestContext;
import upstreamreset.http1.Transport;
import upstreamreset.output.JsonTree;

/**
 * Envoy's admin interface. Each request has a raw connection of its own: loading {@code java.net.http} would take more time
 * than Envoy's own start. Stateless; any thread may use it.
 */
public record EnvoyAdmin(InetSocketAddress address) {
    private static final Duration TIMEOUT = Duration.ofSeconds(5);

    /** The admin interface's response. */
    public record AdminResponse(int status, String body) {}

    /** Whether Envoy serves: {@code /ready} says LIVE. */
    public boolean ready() throws IOException {
        return ask("GET", "/ready").status() == 200;
    }

    /** Each listener's name and the address that it is bound to. */
    public Map<String, InetSocketAddress> listeners() throws IOException {
        var listeners = new LinkedHashMap<String, InetSocketAddress>();
        for (var listener : JsonTree.read(get("/listeners?format=json")).path("listener_statuses")) {
            var bound = listener.required("local_address").required("socket_address");
            listeners.put(
                    listener.required("name").asString(),
                    new InetSocketAddress(
                            InetAddress.ofLiteral(bound.required("address").asString()),
                            bound.required("port_value").asInt()));
        }
        return listeners;
    }

    /** The counters and gauges whose name matches {@code regex} anywhere (RE2). */
    public Map<String, Long> stats(String regex) throws IOException {
        var stats = new LinkedHashMap<String, Long>();
        for (var line : get("/stats?filter=" + URLEncoder.encode(regex, StandardCharsets.UTF_8))
                .split("\n", -1)) {
            int colon = line.lastIndexOf(": ");
            if (colon > 0) {
                try {
                    stats.put(line.substring(0, colon), Long.valueOf(line.substring(colon + 2)));
                } catch (NumberFormatException e) {
                    // A histogram or a text: not a number.
                }
            }
        }
        return stats;
    }

    /** Sets loggers, for example {@code http:trace,client:debug}. */
    public void logging(String levels) throws IOException {
        expectOk("POST", "/logging?paths=" + levels);
    }

    /** The body of {@code path}, which must answer 200. */
    public String get(String path) throws IOException {
        return expectOk("GET", path);
    }

    private String expectOk(String method, String path) throws IOException {
        var response = ask(method, path);
        if (response.status() != 200) {
            throw new EnvoyException("Envoy's admin interface answered %s %s with %d: %s"
                    .formatted(method, path, response.status(), response.body().strip()));
        }
        return response.body();
    }

    /** One request; whatever the status. */
    public AdminResponse ask(String method, String path) throws IOException {
        var request =
                method + " " + path + " HTTP/1.1\r\nHost: envoy\r\nConnection: close\r\nContent-Length: 0\r\n\r\n";
        RawResponse got;
        try (var transport = Transport.connect(address, TIMEOUT)) {
            got = RawExchange.send(
                            transport,
                            request.getBytes(StandardCharsets.US_ASCII),
                            RequestContext.of(method),
                            Integer.MAX_VALUE)
                    .receive(RawExchange.Receiver.untilComplete(TIMEOUT), 0);
        }
        var response = got.response();
        if (response.status() == 0 || !response.complete()) {
            throw new EnvoyException("Envoy's admin interface at %s gave no whole answer to %s %s: %d bytes, then %s"
                    .formatted(
                            address,
                            method,
                            path,
                            got.total(),
                            response.closedBy() == CloseReason.OPEN
                                    ? "nothing for " + TIMEOUT.toSeconds() + " s"
                                    : response.closedBy().text()));
        }
        return new AdminResponse(response.status(), new String(response.body().toArray(), StandardCharsets.UTF_8));
    }
}
