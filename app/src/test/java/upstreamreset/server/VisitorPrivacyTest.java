// SPDX-License-Identifier: Apache-2.0
package upstreamreset.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Nothing of a request is shown to anybody: neither to the next visitor of any page, nor in its own answer. */
class VisitorPrivacyTest {
    private static final String SECRET = "S3cret<b>";

    private static final List<String> PATHS = List.of(
            "/",
            "/correct",
            "/wrong",
            "/scenarios",
            "/scenarios/te-twice",
            "/scenarios/te-twice/about",
            "/scenarios/no-such",
            "/scenarios/correct",
            "/scenarios/conn-refused",
            "/page/app.js",
            "/page/scenarios.json",
            "/page/no-such",
            "/health",
            "/ready",
            "/metrics",
            "/no-such");

    private static final List<String> FIELDS = List.of(
            "Authorization",
            "Proxy-Authorization",
            "Cookie",
            "Set-Cookie",
            "X-Api-Key",
            "User-Agent",
            "Referer",
            "Origin",
            "From",
            "X-Forwarded-For",
            "X-Forwarded-Host",
            "X-Forwarded-Client-Cert",
            "X-Request-Id",
            "X-Envoy-Attempt-Count",
            "Via",
            "Last-Event-ID",
            "Accept-Language",
            "If-None-Match",
            "Range",
            "Traceparent",
            "X-Whatever");

    private AppServer app;

    @BeforeEach
    void start() throws IOException {
        app = AppServer.start(ServeOptions.onFreePort().withStream(2, Duration.ofMillis(10)));
    }

    @AfterEach
    void stop() {
        app.close();
    }

    @Test
    void nothingOfARequestIsInItsAnswerOrInAnothers() throws IOException {
        var fields = new StringBuilder("Host: " + SECRET + "\r\nContent-Type: " + SECRET + "\r\n");
        FIELDS.forEach(each -> fields.append(each).append(": ").append(SECRET).append("\r\n"));
        for (var path : PATHS) {
            for (var accept : List.of("text/html, " + SECRET, SECRET)) {
                var head = " HTTP/1.1\r\n" + fields + "Accept: " + accept + "\r\nConnection: close\r\n";
                var query = "?" + SECRET.replace("<b>", "") + "=" + SECRET.replace("<b>", "%3Cb%3E");
                nothing(answer("GET " + path + query + head + "\r\n"));
                nothing(answer(
                        "POST " + path + query + head + "Content-Length: " + SECRET.length() + "\r\n\r\n" + SECRET));
            }
        }
        nothing(answer("GET /S3cret HTTP/1.1\r\n" + fields + "Connection: close\r\n\r\n"));
        nothing(answer("S3cret / HTTP/1.1\r\n" + fields + "\r\n"));
        nothing(answer("GET / S3cret\r\n" + fields + "\r\n"));
        nothing(answer("GET / HTTP/1.1\r\n" + fields + "X: " + "S3cret".repeat(20_000) + "\r\n\r\n"));

        for (var path : PATHS) {
            for (var accept : List.of("text/html", "*/*")) {
                nothing(answer(
                        "GET " + path + " HTTP/1.1\r\nHost: a\r\nAccept: " + accept + "\r\nConnection: close\r\n\r\n"));
            }
        }
        try (var client = new RawClient(app)) {
            client.send("GET /events HTTP/1.1\r\nHost: a\r\n\r\n");
            RawClient.get(app, "/scenarios/conn-fin-before-head");
            nothing(client.readUntil("conn-fin-before-head"));
        }
    }

    /** A scenario may leave its connection open: it ends once we have. */
    private String answer(String request) throws IOException {
        try (var client = new RawClient(app)) {
            client.send(request);
            client.endOutput();
            return client.readToEnd();
        }
    }

    /** Each answer says something, but nothing of this. */
    private static void nothing(String answer) {
        assertThat(answer).startsWith("HTTP/1.1 ").doesNotContain("S3cret").doesNotContain("%3Cb%3E");
    }
}
