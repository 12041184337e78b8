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
import java.util.regex.Pattern;
import upstreamreset.envoy.install.EnvoyException;
import upstreamreset.http1.CloseReason;
import upstreamreset.http1.FramingReport;
import upstreamreset.http1.RawExchange;
import upstreamreset.http1.RequestContext;
import upstreamreset.http1.Transport;
import upstreamreset.output.JsonTree;

/**
 * Envoy's admin interface. Each request has a raw connection of its own: loading {@code java.net.http} would take more time
 * than Envoy's own start. Stateless; any thread may use it.
 */
public record EnvoyAdmin(InetSocketAddress address) {
    private static final Duration TIMEOUT = Duration.ofSeconds(5);
    private static final Pattern STAT = Pattern.compile("(.*): (\\d{1,18})");

    /** Whether Envoy serves: {@code /ready} says LIVE. */
    public boolean ready() throws IOException {
        return ask("/ready").status() == 200;
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
            var stat = STAT.matcher(line); // a histogram or a text does not match
            if (stat.matches()) {
                stats.put(stat.group(1), Long.valueOf(stat.group(2)));
            }
        }
        return stats;
    }

    /** The body of {@code path}, which must answer 200. */
    public String get(String path) throws IOException {
        var response = ask(path);
        if (response.status() != 200) {
            throw new EnvoyException("Envoy's admin interface answered GET %s with %d: %s"
                    .formatted(path, response.status(), body(response).strip()));
        }
        return body(response);
    }

    private static String body(FramingReport response) {
        return new String(response.body().toArray(), StandardCharsets.UTF_8);
    }

    /** One request; whatever the status. */
    private FramingReport ask(String path) throws IOException {
        var request = "GET " + path + " HTTP/1.1\r\nHost: envoy\r\nConnection: close\r\nContent-Length: 0\r\n\r\n";
        RawExchange.Response got;
        try (var transport = Transport.connect(address, TIMEOUT)) {
            got = RawExchange.send(
                            transport,
                            request.getBytes(StandardCharsets.US_ASCII),
                            RequestContext.of("GET"),
                            Integer.MAX_VALUE)
                    .receive(RawExchange.Receiver.untilComplete(TIMEOUT), 0);
        }
        var response = got.response();
        if (response.status() == 0 || !response.complete()) {
            throw new EnvoyException("Envoy's admin interface at %s gave no whole answer to GET %s: %d bytes, then %s"
                    .formatted(
                            address,
                            path,
                            got.total(),
                            response.closedBy() == CloseReason.OPEN
                                    ? "nothing for " + TIMEOUT.toSeconds() + " s"
                                    : response.closedBy().text()));
        }
        return response;
    }
}
