// SPDX-License-Identifier: Apache-2.0
package upstreamreset.diagnose;

import io.undertow.Undertow;
import io.undertow.server.HttpServerExchange;
import io.undertow.server.handlers.BlockingHandler;
import io.undertow.util.Headers;
import io.undertow.util.HttpString;
import io.undertow.websockets.WebSocketConnectionCallback;
import io.undertow.websockets.WebSocketProtocolHandshakeHandler;
import io.undertow.websockets.core.AbstractReceiveListener;
import io.undertow.websockets.core.BufferedBinaryMessage;
import io.undertow.websockets.core.WebSocketChannel;
import io.undertow.websockets.core.WebSockets;
import io.undertow.websockets.core.protocol.version13.Hybi13Handshake;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Deque;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What an API server and a kubelet answer of one Pod, as far as {@code diagnose} asks: no real part that runs here has a kubelet. The
 * same on real parts is tested by {@code scripts/test --cluster}.
 */
final class FakeCluster implements AutoCloseable {
    static final String POD = "/api/v1/namespaces/shop/pods/cart-0";

    /** By path. */
    final Map<String, String> objects = new ConcurrentHashMap<>();

    /** What is refused with 403: parts of paths. */
    final Set<String> forbidden = ConcurrentHashMap.newKeySet();

    /** What is not there (404): parts of paths. */
    final Set<String> absent = ConcurrentHashMap.newKeySet();

    /** What gets no answer: parts of paths. */
    final Set<String> hanging = ConcurrentHashMap.newKeySet();

    /** What is answered with 429, to come again at once, how often yet: parts of paths. */
    final Map<String, AtomicInteger> busy = new ConcurrentHashMap<>();

    /** Whether each connection is closed instead of an answer. */
    volatile boolean gone;

    /** Runs when the level of a logger has been raised, before that is answered. */
    volatile Runnable raised = () -> {};

    /** Whether nothing listens on Envoy's admin port. */
    volatile boolean noAdmin;

    /** How far the node's clock is ahead of the API server's. */
    volatile Duration nodeAhead = Duration.ZERO;

    private final CountDownLatch end = new CountDownLatch(1);

    /** Of other Pods' proxies, by the Pod's path. */
    final Map<String, String> logs = new ConcurrentHashMap<>();

    /** When the first line was written that the kubelet still has; empty where it does not say. */
    volatile String logBegins = "";

    /** Envoy's configuration. */
    volatile String listeners = "{\"configs\": []}";

    /** Whether Envoy takes one logger at a time. */
    volatile boolean oldEnvoy;

    volatile String envoy = "1.38.3";

    /** The fields that came through. */
    final Map<String, String> through = new ConcurrentHashMap<>();

    /** Rights that are not there, as {@code get pods/log}. */
    final Set<String> denied = ConcurrentHashMap.newKeySet();

    /** The sidecar's log. */
    final CopyOnWriteArrayList<String> log = new CopyOnWriteArrayList<>();

    /** Of Envoy's loggers. */
    final Map<String, String> levels = new ConcurrentHashMap<>(Map.of("client", "warning", "http", "warning"));

    /** All that was asked of Envoy's admin interface. */
    final CopyOnWriteArrayList<String> admin = new CopyOnWriteArrayList<>();

    /** All that was asked of the app, past the sidecar. */
    final CopyOnWriteArrayList<String> asked = new CopyOnWriteArrayList<>();

    /** What the app's port sends for what it gets; null refuses. */
    volatile Function<String, String> app = request -> "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

    volatile boolean refuses;

    /** What the sidecar answers, and the rest of its log line behind the path; empty line for none. */
    volatile int status = 200;

    volatile String body = "ok";
    volatile String line = "200 - via_upstream";
    volatile boolean logsPast;
    volatile String codec = "";

    private final Undertow server;

    FakeCluster() {
        var sockets = new WebSocketProtocolHandshakeHandler(
                Set.of(new Hybi13Handshake(Set.of("v4.channel.k8s.io"), false)),
                (WebSocketConnectionCallback) (exchange, channel) -> forward(exchange.getQueryString(), channel));
        server = Undertow.builder()
                .addHttpListener(0, "127.0.0.1")
                .setHandler(exchange -> {
                    if (gone) {
                        exchange.getConnection().close();
                    } else if (exchange.getRequestPath().endsWith("/portforward")
                            && hanging.stream().noneMatch(exchange.getRequestPath()::contains)) {
                        sockets.handleRequest(exchange);
                    } else {
                        new BlockingHandler(this::answer).handleRequest(exchange);
                    }
                })
                .build();
        server.start();
        objects.put(POD, pod("""
                "initContainers": [{"name": "istio-proxy", "image": "istio/proxyv2:1.30.8", "restartPolicy": "Always"}],
                """));
        objects.put("/api/v1/namespaces/shop/services", services("http"));
    }

    static String services(String portName) {
        return """
                {"items": [{"metadata": {"name": "cart"}, "spec": {"selector": {"app": "cart"},
                 "ports": [{"port": 80, "targetPort": 8080, "name": "%s"}]}}]}""".formatted(portName);
    }

    static String pod(String initContainers) {
        return """
                {"metadata": {"name": "cart-0", "namespace": "shop", "uid": "1", "labels": {"app": "cart"}},
                 "spec": {%s "containers": [{"name": "cart", "ports": [{"containerPort": 8080}]}]},
                 "status": {"phase": "Running", "podIP": "10.0.0.7", "conditions": [{"type": "Ready", "status": "True"}]}}""".formatted(initContainers);
    }

    /** By a policy of its namespace. */
    void demandMtls() {
        objects.put(
                "/apis/security.istio.io/v1/namespaces/shop/peerauthentications",
                "{\"items\": [{\"metadata\": {\"name\": \"p\", \"namespace\": \"shop\"}, \"spec\": {\"mtls\": {\"mode\": \"STRICT\"}}}]}");
    }

    /** The Pod as it is now. */
    String pod() {
        return Objects.requireNonNull(objects.get(POD));
    }

    /** A kubeconfig for it, in {@code folder}. */
    Path kubeconfig(Path folder) throws IOException {
        return Files.writeString(folder.resolve("kubeconfig"), """
                apiVersion: v1
                kind: Config
                clusters: [{name: fake, cluster: {server: "http://127.0.0.1:%d"}}]
                users: [{name: fake, user: {token: x}}]
                contexts: [{name: fake, context: {cluster: fake, user: fake, namespace: shop}}]
                current-context: fake
                """.formatted(
                        ((InetSocketAddress) server.getListenerInfo().getFirst().getAddress()).getPort()));
    }

    private void answer(HttpServerExchange exchange) throws IOException {
        var path = exchange.getRequestPath();
        if (hanging.stream().anyMatch(path::contains)) {
            awaitEnd();
        } else if (absent.stream().anyMatch(path::contains)) {
            status(exchange, 404, "not found");
        } else if (isBusy(path)) {
            exchange.getResponseHeaders().put(Headers.RETRY_AFTER, 0);
            status(exchange, 429, "try again");
        } else if (forbidden.stream().anyMatch(path::contains)) {
            status(exchange, 403, "forbidden");
        } else if (path.contains("/proxy/") && !objects.containsKey(POD)) {
            status(exchange, 404, "pods \\\"cart-0\\\" not found");
        } else if (path.contains("/proxy/")) {
            through(exchange, path.substring(path.indexOf("/proxy/") + "/proxy".length()));
        } else if (exchange.getQueryParameters().containsKey("limitBytes")) {
            exchange.getResponseSender()
                    .send(firstLine(exchange.getQueryParameters().get("sinceSeconds")));
        } else if (path.endsWith("/log") && logs.containsKey(path)) {
            exchange.getResponseSender().send(logs.get(path));
        } else if (path.equals(POD + "/log")
                && isLater(exchange.getQueryParameters().get("sinceTime"))) {
            exchange.getResponseSender().send("");
        } else if (path.equals(POD + "/log")) {
            exchange.getResponseSender()
                    .send(String.join("", log.stream().map(each -> each + "\n").toList()));
        } else if (path.endsWith("/selfsubjectaccessreviews")) {
            json(exchange, review(new String(exchange.getInputStream().readAllBytes(), StandardCharsets.UTF_8)));
        } else if (exchange.getQueryParameters().containsKey("continue")) {
            json(
                    exchange,
                    objects.getOrDefault(
                            path + "?"
                                    + exchange.getQueryParameters()
                                            .get("continue")
                                            .getFirst(),
                            "{}"));
        } else if (objects.containsKey(path)) {
            json(exchange, objects.get(path));
        } else if (path.equals("/version")) {
            json(exchange, "{\"minor\": \"37\"}");
        } else if (path.startsWith("/apis/")) {
            json(exchange, "{\"items\": []}");
        } else {
            exchange.setStatusCode(404);
            json(exchange, "{}");
        }
    }

    private boolean isBusy(String path) {
        return busy.entrySet().stream()
                .anyMatch(
                        each -> path.contains(each.getKey()) && each.getValue().getAndDecrement() > 0);
    }

    private Instant nodeTime() {
        return Instant.now().plus(nodeAhead);
    }

    /** Of the log, or of its last seconds, by the node's clock. */
    private String firstLine(@Nullable Deque<String> sinceSeconds) {
        if (logBegins.isEmpty()) {
            return "";
        }
        var oldest =
                sinceSeconds == null ? Instant.MIN : nodeTime().minusSeconds(Long.parseLong(sinceSeconds.getFirst()));
        return Instant.parse(logBegins).isBefore(oldest) ? nodeTime() + " a later line\n" : logBegins + " first line\n";
    }

    private boolean isLater(@Nullable Deque<String> sinceTime) {
        return sinceTime != null && Instant.parse(sinceTime.getFirst()).isAfter(nodeTime());
    }

    private void awaitEnd() {
        try {
            end.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void status(HttpServerExchange exchange, int code, String message) {
        exchange.setStatusCode(code);
        json(exchange, "{\"kind\":\"Status\",\"apiVersion\":\"v1\",\"message\":\"" + message + "\"}");
    }

    private static void json(HttpServerExchange exchange, String text) {
        exchange.getResponseHeaders().put(Headers.CONTENT_TYPE, "application/json");
        exchange.getResponseSender().send(text);
    }

    private String review(String request) {
        boolean allowed = denied.stream().noneMatch(each -> {
            var words = each.split("[ /]", 3);
            return request.contains("\"verb\":\"" + words[0] + "\"")
                    && request.contains("\"subresource\":\"" + words[2] + "\"");
        });
        return "{\"status\": {\"allowed\": " + allowed + "}}";
    }

    private void through(HttpServerExchange exchange, String path) {
        exchange.getRequestHeaders()
                .forEach(field ->
                        through.put(field.getHeaderName().toString().toLowerCase(Locale.ROOT), field.getFirst()));
        exchange.setStatusCode(status);
        exchange.getResponseHeaders().put(new HttpString("server"), "istio-envoy");
        if ("debug".equals(levels.get("client")) && !codec.isEmpty()) {
            log.add(codec);
        }
        if (!line.isEmpty()) {
            log.add(line(path, line, exchange.getRequestHeaders().getFirst("x-request-id")));
        }
        exchange.getResponseSender().send(body);
    }

    static String line(String path, String answer, String id) {
        return "[2026-11-29T12:00:00.000Z] \"GET %s HTTP/1.1\" %s - \"-\" 0 87 1 - \"-\" \"x\" \"%s\" \"cart\" \"10.0.0.7:8080\" inbound|8080|| 127.0.0.6:1 10.0.0.7:8080 10.0.0.1:1 - default"
                .formatted(path, answer, id);
    }

    private void forward(String query, WebSocketChannel channel) {
        int port = Integer.parseInt(query.replaceAll("\\D", ""));
        begin(channel, 0, port);
        begin(channel, 1, port);
        if ((refuses && port == 8080) || (noAdmin && port != 8080)) {
            send(
                    channel,
                    1,
                    "error forwarding port %1$d: IPv4: dial tcp4 127.0.0.1:%1$d: connect: connection refused"
                            .formatted(port));
            close(channel);
            return;
        }
        channel.getReceiveSetter().set(new AbstractReceiveListener() {
            @Override
            protected void onFullBinaryMessage(WebSocketChannel from, BufferedBinaryMessage message)
                    throws IOException {
                var bytes = new ByteArrayOutputStream();
                try (var data = message.getData()) {
                    for (var buffer : data.getResource()) {
                        while (buffer.hasRemaining()) {
                            bytes.write(buffer.get());
                        }
                    }
                }
                var request = bytes.toString(StandardCharsets.ISO_8859_1).substring(1);
                send(from, 0, port == 8080 ? app(request) : admin(request));
                close(from);
            }
        });
        channel.resumeReceives();
    }

    private String app(String request) {
        asked.add(request.lines().findFirst().orElse(""));
        if (logsPast) {
            var id = request.replaceAll("(?s).*x-request-id: (\\S+).*", "$1");
            log.add(line("/x", "200 - via_upstream", id));
        }
        return app.apply(request);
    }

    private String admin(String request) {
        var target = request.split(" ", 3)[1];
        admin.add(target);
        if (oldEnvoy && target.startsWith("/logging?paths=")) {
            return "HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n";
        }
        if (target.matches("/logging\\?(?!paths)[a-z0-9]+=[a-z]+")) {
            var words = target.substring("/logging?".length()).split("=", 2);
            levels.put(words[0], words[1]);
        } else if (target.startsWith("/logging?paths=")) {
            for (var each : target.substring("/logging?paths=".length()).split(",", -1)) {
                levels.put(each.split(":", 2)[0], each.split(":", 2)[1]);
            }
            if (target.contains(":debug")) {
                raised.run();
            }
        }
        var text = switch (target.replaceFirst("\\?.*", "")) {
            case "/server_info" -> "{\"version\": \"abc/" + envoy + "/Clean/RELEASE/BoringSSL\"}";
            case "/logging" ->
                "active loggers:\n"
                        + String.join(
                                "",
                                levels.entrySet().stream()
                                        .map(each -> "  " + each.getKey() + ": " + each.getValue() + "\n")
                                        .toList());
            case "/config_dump" -> listeners;
            default -> "";
        };
        return "HTTP/1.1 200 OK\r\nContent-Length: " + text.length() + "\r\n\r\n" + text;
    }

    private static void begin(WebSocketChannel channel, int number, int port) {
        WebSockets.sendBinary(
                ByteBuffer.wrap(new byte[] {(byte) number, (byte) port, (byte) (port >> 8)}), channel, null);
    }

    private static void send(WebSocketChannel channel, int number, String text) {
        var bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        var message = ByteBuffer.allocate(bytes.length + 1).put((byte) number).put(bytes);
        message.flip();
        WebSockets.sendBinary(message, channel, null);
    }

    private static void close(WebSocketChannel channel) {
        WebSockets.sendClose(1000, "", channel, null);
    }

    @Override
    public void close() {
        end.countDown();
        server.stop();
    }
}
