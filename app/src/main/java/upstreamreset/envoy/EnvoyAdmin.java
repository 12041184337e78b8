// SPDX-License-Identifier: Apache-2.0
package upstreamreset.envoy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import upstreamreset.envoy.install.EnvoyException;
import upstreamreset.output.JsonTree;

/**
 * Envoy's admin interface. Speaks HTTP/1.1 over a bare socket, one request a connection: {@code java.net.http} would cost a
 * start more time than Envoy itself takes. Stateless; any thread may use it.
 */
public final class EnvoyAdmin {
    private static final int TIMEOUT_MILLIS = 5_000;

    private final InetSocketAddress address;

    EnvoyAdmin(InetSocketAddress address) {
        this.address = address;
    }

    /** What the admin interface answered. */
    public record Answer(int status, String body) {}

    public InetSocketAddress address() {
        return address;
    }

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

    /** The configuration as Envoy took it, as JSON. */
    public String configDump() throws IOException {
        return get("/config_dump?include_eds");
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
        var answer = ask(method, path);
        if (answer.status() != 200) {
            throw new EnvoyException("Envoy's admin interface answered %s %s with %d: %s"
                    .formatted(method, path, answer.status(), answer.body().strip()));
        }
        return answer.body();
    }

    /** One request; whatever the status. */
    public Answer ask(String method, String path) throws IOException {
        byte[] bytes;
        try (var socket = new Socket()) {
            socket.connect(address, TIMEOUT_MILLIS);
            socket.setSoTimeout(TIMEOUT_MILLIS);
            var request =
                    method + " " + path + " HTTP/1.1\r\nHost: envoy\r\nConnection: close\r\nContent-Length: 0\r\n\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            bytes = socket.getInputStream().readAllBytes();
        }
        var text = new String(bytes, StandardCharsets.ISO_8859_1);
        int head = text.indexOf("\r\n\r\n");
        if (head < 12 || !text.startsWith("HTTP/1.1 ")) {
            throw new EnvoyException(
                    "Envoy's admin interface at " + address + " answered " + bytes.length + " bytes that are not HTTP");
        }
        var body = new ByteArrayInputStream(bytes, head + 4, bytes.length - head - 4);
        boolean chunked = text.substring(0, head).contains("transfer-encoding: chunked");
        return new Answer(
                Integer.parseInt(text, 9, 12, 10),
                new String(chunked ? dechunk(body) : body.readAllBytes(), StandardCharsets.UTF_8));
    }

    private static byte[] dechunk(ByteArrayInputStream in) throws IOException {
        var out = new ByteArrayOutputStream();
        while (true) {
            var size = new StringBuilder();
            for (int c = in.read(); c != '\n'; c = in.read()) {
                if (c < 0) {
                    throw new EnvoyException("Envoy's admin interface broke off in its answer");
                }
                if (c != '\r') {
                    size.append((char) c);
                }
            }
            int length = Integer.parseInt(size, 0, size.length(), 16);
            if (length == 0) {
                return out.toByteArray();
            }
            out.write(in.readNBytes(length));
            in.skipNBytes(2);
        }
    }
}
