// SPDX-License-Identifier: Apache-2.0
package upstreamreset.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HostileRequestTest {
    private AppServer app;

    @BeforeEach
    void start() throws IOException {
        app = AppServer.start(ServeOptions.onFreePort());
    }

    @AfterEach
    void stop() {
        app.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GARBAGE\r\n\r\n",
                "GET / HTTP/1.1 and more\r\n\r\n",
                "GET / SPDY/9\r\nHost: a\r\n\r\n",
                "\u0000\u0001\u0002\r\n\r\n",
                "GET / HTTP/1.1\r\nno colon\r\n\r\n",
            })
    void whatIsNoRequestIs400InOneSentenceAndTheConnectionEnds(String request) throws Exception {
        assertThat(RawClient.answer(app, request))
                .startsWith("HTTP/1.1 400 Bad Request\r\n")
                .contains("Connection: close\r\n")
                .endsWith(" can be decoded.\n");
    }

    @Test
    void anOversizedFieldIs431InOneSentenceAndTheConnectionEnds() throws Exception {
        var request = "GET / HTTP/1.1\r\nHost: a\r\nX: " + "a".repeat(100_000) + "\r\n\r\n";
        assertThat(RawClient.answer(app, request))
                .startsWith("HTTP/1.1 431 Request Header Fields Too Large\r\n")
                .contains("Connection: close\r\n")
                .endsWith("\r\n\r\nThe request's head is longer than 32768 bytes.\n");
    }

    @Test
    void aRequestLineHasABoundOfItsOwn() throws Exception {
        var sentence = "The request line is longer than 8192 bytes.\n";
        int others = "GET  HTTP/1.1\r\n".length();
        assertThat(RawClient.get(app, "/" + "a".repeat(8192 - others - 1))).startsWith("HTTP/1.1 404 ");
        assertThat(RawClient.get(app, "/" + "a".repeat(8192 - others)))
                .startsWith("HTTP/1.1 414 ")
                .endsWith(sentence);
        assertThat(RawClient.get(app, "/" + "a".repeat(100_000)))
                .startsWith("HTTP/1.1 414 ")
                .endsWith(sentence);
        // Its end does not come.
        assertThat(RawClient.answer(app, "GET /?" + "a".repeat(8192))).endsWith(sentence);
    }

    @Test
    void emptyLinesBeforeARequestLineAreNoHead() throws Exception {
        assertThat(RawClient.answer(app, "\r\n\r\nGET /" + "a".repeat(20_000) + " HTTP/1.1\r\nHost: a\r\n\r\n"))
                .startsWith("HTTP/1.1 414 ");
        assertThat(RawClient.answer(app, "\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\nX: " + "a".repeat(50_000) + "\r\n\r\n"))
                .startsWith("HTTP/1.1 431 ");
        assertThat(RawClient.answer(app, "\r\n".repeat(5_000))).startsWith("HTTP/1.1 414 ");
    }

    @Test
    void aHeadWithABrowsersCookiesIsRead() throws Exception {
        var cookies = ("Cookie: " + "c".repeat(4_000) + "\r\n").repeat(7);
        assertThat(RawClient.answer(app, "GET /health HTTP/1.1\r\nHost: a\r\nConnection: close\r\n" + cookies + "\r\n"))
                .startsWith("HTTP/1.1 200 ");
    }

    @Test
    void manyFieldsAreRefused() throws Exception {
        var request = "GET / HTTP/1.1\r\nHost: a\r\n" + "X: y\r\n".repeat(300) + "\r\n";
        assertThat(RawClient.answer(app, request))
                .startsWith("HTTP/1.1 431 ")
                .endsWith("The request has more than 200 field lines.\n");
    }

    @Test
    void manyParametersAreRefused() throws Exception {
        assertThat(RawClient.get(app, "/?" + "a=b&".repeat(300)))
                .startsWith("HTTP/1.1 414 ")
                .endsWith("The request's target has more than 100 parameters.\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"HTTP/3.0", "HTTP/1.2", "HTTP/4.0"})
    void anotherVersionIs505(String version) throws Exception {
        assertThat(RawClient.answer(app, "GET / " + version + "\r\nHost: a\r\n\r\n"))
                .startsWith("HTTP/1.1 505 ");
    }

    @ParameterizedTest
    @CsvSource({"TRACE,405", "BREW,501", "PRI,501", "get,501"})
    void aMethodThatNobodyServesIsToldSo(String method, int status) throws Exception {
        assertThat(RawClient.answer(app, method + " /health HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 " + status + " ");
    }

    @Test
    void theAppAnswersOthersMeanwhile() throws Exception {
        try (var half = new RawClient(app)) {
            half.send("GET / HT");
            assertThat(RawClient.get(app, "/health")).startsWith("HTTP/1.1 200");
        }
    }
}
