// SPDX-License-Identifier: Apache-2.0
package upstreamreset.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/** A headless Chromium with one page, driven by the DevTools protocol. */
public final class Chromium implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Process process;
    private final HttpClient client = HttpClient.newHttpClient();
    private final LinkedBlockingQueue<String> messages = new LinkedBlockingQueue<>();
    private final WebSocket socket;
    private int calls;

    /** Opens a file. */
    public Chromium(Path folder, Path page) throws Exception {
        this(folder, page.toUri());
    }

    /** Opens a page; its downloads go to {@code folder}. */
    public Chromium(Path folder, URI page) throws Exception {
        var profile = Files.createTempDirectory(folder, "profile");
        var builder = new ProcessBuilder(
                        RealParts.program("chromium").toString(),
                        "--headless",
                        "--no-sandbox",
                        "--disable-gpu",
                        "--disable-background-networking",
                        "--remote-debugging-port=0",
                        "--window-size=1300,800",
                        "--user-data-dir=" + profile,
                        page.toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("chromium.log").toFile());
        builder.environment().put("TMPDIR", folder.toString());
        process = builder.start();
        try {
            var port = profile.resolve("DevToolsActivePort");
            Awaitility.await()
                    .atMost(Duration.ofSeconds(60))
                    .until(() -> Files.exists(port) && Files.readAllLines(port).size() == 2);
            socket = connect(Integer.parseInt(Files.readAllLines(port).getFirst()));
            Awaitility.await()
                    .atMost(Duration.ofSeconds(60))
                    .ignoreExceptions()
                    .until(() ->
                            value("location.protocol + document.readyState").equals(page.getScheme() + ":complete"));
        } catch (Exception e) {
            process.destroyForcibly();
            throw e;
        }
    }

    private WebSocket connect(int port) throws Exception {
        var request = java.net.http.HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/json"))
                .build();
        var targets = Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .until(
                        () -> JSON.readTree(client.send(request, java.net.http.HttpResponse.BodyHandlers.ofString())
                                .body()),
                        all -> all.valueStream()
                                .anyMatch(each -> each.at("/type").asString().equals("page")));
        var page = targets.valueStream()
                .filter(each -> each.at("/type").asString().equals("page"))
                .findFirst()
                .orElseThrow();
        return client.newWebSocketBuilder()
                .buildAsync(URI.create(page.at("/webSocketDebuggerUrl").asString()), new Collector())
                .get(30, TimeUnit.SECONDS);
    }

    private final class Collector implements WebSocket.Listener {
        private final StringBuilder text = new StringBuilder();

        @Override
        public CompletionStage<?> onText(WebSocket webSocket, CharSequence data, boolean last) {
            text.append(data);
            if (last) {
                messages.add(text.toString());
                text.setLength(0);
            }
            return WebSocket.Listener.super.onText(webSocket, data, last);
        }
    }

    public JsonNode call(String method, Map<String, ?> parameters) throws Exception {
        int id = ++calls;
        socket.sendText(JSON.writeValueAsString(Map.of("id", id, "method", method, "params", parameters)), true)
                .get(30, TimeUnit.SECONDS);
        while (true) {
            var message = messages.poll(60, TimeUnit.SECONDS);
            if (message == null) {
                throw new IOException("no answer to " + method);
            }
            var json = JSON.readTree(message);
            if (json.path("id").asInt(0) == id) {
                if (json.has("error")) {
                    throw new IOException(method + ": " + json.path("error"));
                }
                return json.path("result");
            }
        }
    }

    /** The value of a JavaScript expression, as text. */
    public String value(String expression) throws Exception {
        return evaluated(Map.of("expression", "String(" + expression + ")"));
    }

    /** The value of a promise, as text. */
    public String awaited(String expression) throws Exception {
        return evaluated(Map.of("expression", "(" + expression + ").then(String)", "awaitPromise", true));
    }

    private String evaluated(Map<String, ?> parameters) throws Exception {
        var told = call("Runtime.evaluate", parameters);
        if (told.has("exceptionDetails")) {
            throw new IOException(parameters.get("expression") + ": " + told.path("exceptionDetails"));
        }
        return told.at("/result/value").asString();
    }

    /** Waits until an expression is true. */
    public void await(String expression) {
        Awaitility.await()
                .alias(expression)
                .atMost(Duration.ofSeconds(60))
                .ignoreExceptions()
                .until(() -> value(expression).equals("true"));
    }

    /** Shows the page in another width. */
    public void resize(int width, int height) throws Exception {
        call(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", false));
    }

    /** {@code light} or {@code dark}. */
    public void colours(String scheme) throws Exception {
        call(
                "Emulation.setEmulatedMedia",
                Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", scheme))));
    }

    /** The page as a picture, PNG. */
    public byte[] picture() throws Exception {
        return Base64.getDecoder()
                .decode(call("Page.captureScreenshot", Map.of("format", "png"))
                        .at("/data")
                        .asString());
    }

    /** Lays the page out as it is printed on A4 with the usual margins of 1 cm, by somebody who has chosen dark colours. */
    public void showAsPrinted() throws Exception {
        resize(718, 1046);
        call(
                "Emulation.setEmulatedMedia",
                Map.of("media", "print", "features", List.of(Map.of("name", "prefers-color-scheme", "value", "dark"))));
    }

    /** The page as it is printed on A4, PDF. */
    public byte[] printed() throws Exception {
        var paper = Map.of("paperWidth", 8.27, "paperHeight", 11.69, "printBackground", true);
        return Base64.getDecoder()
                .decode(call("Page.printToPDF", paper).at("/data").asString());
    }

    /**
     * What axe-core finds in the page as it is now: for each rule its id, and the first element that breaks it. Fails where it has
     * checked next to nothing.
     */
    public List<String> accessibilityFindings() throws Exception {
        if (!value("typeof axe").equals("object")) {
            call("Runtime.evaluate", Map.of("expression", RealParts.axe()));
        }
        var found = JSON.readTree(awaited("axe.run({resultTypes: ['violations']}).then(told => JSON.stringify({"
                + "passed: told.passes.map(each => each.id), found: told.violations.map("
                + "each => each.id + ': ' + each.nodes[0].html + ' ' + each.nodes[0].failureSummary)}))"));
        var passed = found.path("passed").valueStream().map(JsonNode::asString).toList();
        assertThat(passed).as("what axe-core has checked").hasSizeGreaterThan(5);
        return found.path("found").valueStream().map(JsonNode::asString).toList();
    }

    public void key(String key) throws Exception {
        var text = key.equals("Enter") ? "\r" : key.length() == 1 ? key : "";
        int code = switch (key) {
            case "Tab" -> 9;
            case "Enter" -> 13;
            case " " -> 32;
            default -> 0;
        };
        call(
                "Input.dispatchKeyEvent",
                Map.of("type", "keyDown", "key", key, "text", text, "windowsVirtualKeyCode", code));
        call("Input.dispatchKeyEvent", Map.of("type", "keyUp", "key", key));
    }

    public void type(String text) throws Exception {
        for (int i = 0; i < text.length(); i++) {
            key(text.substring(i, i + 1));
        }
    }

    @Override
    public void close() {
        socket.abort();
        client.close();
        // It and its children write into its folder until they have gone, which the test removes next.
        var all = Stream.concat(Stream.of(process.toHandle()), process.descendants())
                .toList();
        all.forEach(ProcessHandle::destroyForcibly);
        Awaitility.await().until(() -> all.stream().noneMatch(Processes::runs));
    }
}
