// SPDX-License-Identifier: Apache-2.0
package upstreamreset.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import upstreamreset.election.Candidacy;

class AppServerTest {
    private static final String DATE = "Date: [^\r]+ GMT\r\n";

    private AppServer app;

    @BeforeEach
    void start() throws IOException {
        app = AppServer.start(
                ServeOptions.onFreePort().withStream(2, Duration.ofMillis(10)), "1 <\"2\">", () -> Candidacy.NONE);
    }

    @AfterEach
    void stop() {
        app.close();
    }

    @Test
    void correctIsOnTheWireAsDesigned() throws Exception {
        try (var client = new RawClient(app)) {
            client.send("GET /correct HTTP/1.1\r\nHost: a\r\n\r\n");
            assertThat(client.readUntil("0\r\n\r\n"))
                    .matches("HTTP/1.1 200 OK\r\nConnection: Keep-Alive\r\nTransfer-Encoding: chunked\r\n"
                            + "X-Content-Type-Options: nosniff\r\n" + DATE
                            + "\r\n6\r\nChunk\n\r\n6\r\nChunk\n\r\n0\r\n\r\n");
        }
    }

    @Test
    void wrongHasItsTwoTransferEncodingLinesInOrderAndSpelling() throws Exception {
        try (var client = new RawClient(app)) {
            client.send("GET /wrong HTTP/1.1\r\nHost: a\r\n\r\n");
            assertThat(client.readUntil("0\r\n\r\n"))
                    .matches("HTTP/1.1 200 OK\r\nConnection: Keep-Alive\r\nTransfer-Encoding: Chunked\r\n"
                            + "Transfer-Encoding: chunked\r\nX-Content-Type-Options: nosniff\r\n" + DATE
                            + "\r\n6\r\nChunk\n\r\n6\r\nChunk\n\r\n0\r\n\r\n");
        }
    }

    @Test
    void aConnectionIsKeptForTheNextRequestAlsoAfterWrong() throws Exception {
        try (var client = new RawClient(app)) {
            client.send("GET /wrong HTTP/1.1\r\nHost: a\r\n\r\n");
            client.readUntil("0\r\n\r\n");
            client.send("GET /correct HTTP/1.1\r\nHost: a\r\n\r\n");
            assertThat(client.readUntil("0\r\n\r\n")).startsWith("HTTP/1.1 200 OK\r\nConnection: Keep-Alive\r\n");
        }
    }

    @Test
    void pipelinedRequestsAreAnsweredInOrder() throws Exception {
        var request = "GET /correct HTTP/1.1\r\nHost: a\r\n\r\n";
        var answer = RawClient.answer(app, request + "GET /health HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
        assertThat(answer)
                .matches("(?s)HTTP/1.1 200 OK\r\nConnection: Keep-Alive.*0\r\n\r\nHTTP/1.1 200 OK.*healthy\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS"})
    void everyMethodIsAnswered(String method) throws Exception {
        for (var path : List.of("/", "/correct", "/wrong", "/health", "/ready", "/metrics")) {
            var request =
                    method + " " + path + " HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 3\r\n\r\nabc";
            assertThat(RawClient.answer(app, request)).as(path).startsWith("HTTP/1.1 200 OK\r\n");
        }
    }

    @Test
    void headHasTheHeadOfTheStreamAndEndsAtOnce() throws Exception {
        assertThat(RawClient.answer(app, "HEAD /wrong HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"))
                .matches("HTTP/1.1 200 OK\r\nConnection: close\r\nTransfer-Encoding: Chunked\r\n"
                        + "Transfer-Encoding: chunked\r\nX-Content-Type-Options: nosniff\r\n" + DATE + "\r\n");
    }

    @Test
    void http10GetsTheBodyWithoutTransferCodingAndThenTheEnd() throws Exception {
        assertThat(RawClient.answer(app, "GET /wrong HTTP/1.0\r\n\r\n"))
                .matches("HTTP/1.0 200 OK\r\nConnection: close\r\nX-Content-Type-Options: nosniff\r\n" + DATE
                        + "\r\nChunk\nChunk\n");
    }

    @Test
    void homeTellsHostnameLeaderAndVersionInThisOrder() throws Exception {
        assertThat(RawClient.get(app, "/"))
                .containsPattern(
                        "\r\n\r\n\\{\"hostname\": \"[^\"]+\", \"leader\": \"\", \"version\": \"1 <\\\\\"2\\\\\">\"}\n$");
    }

    @Test
    void aBrowserGetsAPageWithEverythingQuoted() throws Exception {
        assertThat(RawClient.answer(
                        app, "GET / HTTP/1.1\r\nHost: a\r\nAccept: text/html,*/*\r\nConnection: close\r\n\r\n"))
                .contains("Content-Type: text/html", "<a href=\"/wrong\">", ">1 &lt;&quot;2&quot;&gt;</dd>")
                .contains("Content-Security-Policy: default-src 'none'; script-src 'self'; style-src 'self'; ")
                .doesNotContain("unsafe-inline");
    }

    @Test
    void anUnknownPathIs404WithASentence() throws Exception {
        assertThat(RawClient.get(app, "/nope")).startsWith("HTTP/1.1 404").contains("There is nothing at this path.");
    }

    @Test
    void aSecondAppOnThePortIsToldWhoHasIt() {
        var taken = new ServeOptions("127.0.0.1", app.port(), 1, Duration.ofSeconds(1), Duration.ZERO);
        assertThatThrownBy(() -> AppServer.start(taken))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("cannot listen on 127.0.0.1:" + app.port() + ": the port is taken by process "
                        + ProcessHandle.current().pid() + " (java)");
    }

    @ParameterizedTest
    @ValueSource(strings = {"203.0.113.7", "no-such-host.invalid"})
    void anAddressThatIsNotOursIsOneSentence(String host) {
        var foreign = new ServeOptions(host, 0, 1, Duration.ofSeconds(1), Duration.ZERO);
        assertThatThrownBy(() -> AppServer.start(foreign))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("cannot listen on ");
    }
}
