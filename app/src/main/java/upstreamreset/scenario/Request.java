// SPDX-License-Identifier: Apache-2.0
package upstreamreset.scenario;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import upstreamreset.http1.RequestHead;
import upstreamreset.http1.RequestReader;
import upstreamreset.output.Durations;
import upstreamreset.wire.Bytes;

/**
 * The client's request that triggers a scenario.
 *
 * @param bodyBytes of body, announced by Content-Length; 0 for no body
 * @param raw the request byte for byte, instead of one made of the rest
 * @param times how often to send it, one after the other on one connection; the last response is judged
 * @param gap between them
 * @param leaveAfter when the client gives up and closes
 */
public record Request(
        String method, int bodyBytes, Optional<Bytes> raw, int times, Duration gap, Optional<Duration> leaveAfter) {
    /** A GET as curl sends it. */
    public static final Request GET = new Request("GET", 0, Optional.empty(), 1, Duration.ZERO, Optional.empty());

    public Request {
        if (bodyBytes < 0 || times < 1) {
            throw new IllegalArgumentException("body=" + bodyBytes + " or times=" + times + " is too small");
        }
    }

    /** The target of the request line: the raw request's own, else {@code path}. */
    public String target(String path) {
        return raw.map(bytes -> head(bytes).target()).orElse(path);
    }

    private static RequestHead head(Bytes raw) {
        var reader = new RequestReader();
        reader.feed(raw.toArray(), 0, raw.length());
        return reader.head().orElseThrow(() -> new IllegalArgumentException("expected a request with a whole head"));
    }

    /** The body that {@link #bodyBytes} announces. */
    public String body() {
        return "x".repeat(bodyBytes);
    }

    /** The bytes of a request to {@code host} for {@code target}. */
    public byte[] onTheWire(String target, String host) {
        if (raw.isPresent()) {
            return raw.get().toArray();
        }
        var length = bodyBytes > 0 ? "Content-Length: " + bodyBytes + "\r\n" : "";
        return "%s %s HTTP/1.1\r\nHost: %s\r\nUser-Agent: upstream-reset\r\nAccept: */*\r\n%s\r\n%s"
                .formatted(method, target, host, length, body())
                .getBytes(StandardCharsets.ISO_8859_1);
    }

    /** A literal, or {@code METHOD [body=N] [times=N] [gap=TIME] [leave=TIME]}. */
    static Request parse(String text) {
        if (text.startsWith("\"")) {
            var raw = WireText.parse(text);
            return new Request(head(raw).method(), 0, Optional.of(raw), 1, Duration.ZERO, Optional.empty());
        }
        var method = "GET";
        int body = 0;
        int times = 1;
        var gap = Duration.ZERO;
        var leave = Optional.<Duration>empty();
        for (var word : text.split(" +", -1)) {
            var parts = word.split("=", 2);
            var value = parts.length == 2 ? parts[1] : "";
            switch (parts[0]) {
                case "body" -> body = Integer.parseInt(value);
                case "times" -> times = Integer.parseInt(value);
                case "gap" -> gap = Durations.parse("gap", value);
                case "leave" -> leave = Optional.of(Durations.parse("leave", value));
                default -> {
                    if (parts.length == 2) {
                        throw new IllegalArgumentException(
                                "\"" + word + "\": expected METHOD, body=N, times=N, gap=TIME or leave=TIME");
                    }
                    method = word;
                }
            }
        }
        return new Request(method, body, Optional.empty(), times, gap, leave);
    }
}
