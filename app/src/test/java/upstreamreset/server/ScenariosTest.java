// SPDX-License-Identifier: Apache-2.0
package upstreamreset.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.SocketException;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import upstreamreset.scenario.Catalogue;
import upstreamreset.scenario.Scenario;
import upstreamreset.scenario.WireScript;
import upstreamreset.scenario.WireScript.Protocol;
import upstreamreset.scenario.WireStep;

/** The catalogue live: what a client reads off the socket is the script. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ScenariosTest {
    private AppServer app;

    @BeforeAll
    void start() throws IOException {
        app = AppServer.start(ServeOptions.onFreePort());
    }

    @AfterAll
    void stop() {
        app.close();
    }

    static Stream<Scenario> http1() {
        return new Catalogue()
                .all().stream()
                        .filter(scenario ->
                                scenario.source() instanceof WireScript script && script.protocol() == Protocol.HTTP_1);
    }

    @ParameterizedTest
    @MethodSource("http1")
    void theBytesOnTheWireAreTheScriptsAlsoInOneByteWrites(Scenario scenario) throws IOException {
        var script = (WireScript) scenario.source();
        long requests = script.steps().stream()
                .filter(step -> step instanceof WireStep.ReadRequest)
                .count();
        for (var query : new String[] {"", "?writes=one-byte"}) {
            try (var client = new RawClient(app)) {
                var request = "GET /scenarios/" + scenario.name() + query + " HTTP/1.1\r\nHost: a\r\n\r\n";
                client.send(request);
                for (long i = 1; i < requests; i++) {
                    client.send(request);
                }
                assertThat(client.read(script.sent().length())).isEqualTo(script.sent());
            }
        }
    }

    static Stream<Scenario> http2() {
        return new Catalogue().all().stream().filter(Scenario::liveInHttp2);
    }

    @ParameterizedTest
    @MethodSource("http2")
    void whoSpeaksHttp2OnTheSamePortGetsTheFrames(Scenario scenario) throws IOException {
        var script = (WireScript) scenario.source();
        try (var client = new RawClient(app)) {
            client.send(http2Request("/scenarios/" + scenario.name()));
            assertThat(client.read(script.sent().length())).isEqualTo(script.sent());
        }
    }

    @Test
    void anHttp2RequestMayComeInPiecesAndEndsWithItsBody() throws IOException {
        var request = http2Request("/scenarios/h2-ok");
        var head = request.replace("\1\5\0\0\0\1", "\1\4\0\0\0\1");
        var sent = ((WireScript) new Catalogue().find("h2-ok").orElseThrow().source()).sent();
        try (var client = new RawClient(app)) {
            client.send(head.substring(0, 30));
            client.send(head.substring(30));
            client.send("\0\0\1\0\1\0\0\0\1x");
            assertThat(client.read(sent.length())).isEqualTo(sent);
        }
    }

    @Test
    void anHttp2PathThatIsNoScenarioIs404() throws IOException {
        try (var client = new RawClient(app)) {
            client.send(http2Request("/correct"));
            assertThat(client.readToEnd()).endsWith("\0\0\1\1\5\0\0\0\1\u008d");
        }
    }

    /** Preface, SETTINGS, and HEADERS that ends its stream; the path is a literal, not indexed (RFC 7541 §6.2.2). */
    private static String http2Request(String path) {
        var fields = "\u0082\u0086\4" + (char) path.length() + path;
        return "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\4\0\0\0\0\0" + "\0\0" + (char) fields.length() + "\1\5\0\0\0\1"
                + fields;
    }

    @Test
    void closeIsFinAndResetIsRst() throws IOException {
        assertThat(RawClient.get(app, "/scenarios/conn-fin-before-head")).isEmpty();
        assertThatThrownBy(() -> RawClient.get(app, "/scenarios/conn-rst-before-head"))
                .isInstanceOf(SocketException.class);
    }

    @Test
    void aConnectionThatTheScriptLeavesOpenGoesBackToTheApp() throws IOException {
        try (var client = new RawClient(app)) {
            client.send("POST /scenarios/te-twice HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc");
            client.readUntil("0\r\n\r\n");
            client.send("GET /health HTTP/1.1\r\nHost: a\r\n\r\n");
            assertThat(client.readUntil("healthy\n")).startsWith("HTTP/1.1 200 OK\r\n");
        }
    }

    @Test
    void aStalledScriptEndsWhenTheClientLeaves() throws IOException {
        try (var client = new RawClient(app)) {
            client.send("GET /scenarios/conn-no-answer HTTP/1.1\r\nHost: a\r\n\r\n");
            client.endOutput();
            assertThat(client.readToEnd()).isEmpty();
        }
    }

    @Test
    void theCatalogueIsListedAsJsonAndAsAPage() throws IOException {
        assertThat(RawClient.get(app, "/scenarios"))
                .contains("application/json", "\"name\":\"te-twice\"", "\"path\":\"/scenarios/te-twice\"");
        assertThat(RawClient.answer(
                        app, "GET /scenarios HTTP/1.1\r\nHost: a\r\nAccept: text/html\r\nConnection: close\r\n\r\n"))
                .contains(
                        "text/html",
                        "<a href=\"/scenarios/te-twice/about\">te-twice</a>",
                        "<a href=\"/scenarios/te-twice\" ");
    }

    @Test
    void whatIsToBeSaidOfAScenarioStandsBelowItAndTheFaultStaysRaw() throws IOException {
        var browser = " HTTP/1.1\r\nHost: a\r\nAccept: text/html\r\nConnection: close\r\n\r\n";
        assertThat(RawClient.answer(app, "GET /scenarios/te-twice/about" + browser))
                .contains("text/html", "<mark>Transfer-Encoding: chunked", "duplicate-transfer-encoding", "UPE");
        assertThat(RawClient.get(app, "/scenarios/te-twice/about"))
                .contains("application/json", "\"name\":\"te-twice\"");
        try (var client = new RawClient(app)) {
            client.send("GET /scenarios/te-twice" + browser);
            assertThat(client.readUntil("0\r\n\r\n")).startsWith("HTTP/1.1 200 OK\r\nTransfer-Encoding");
        }
        assertThat(RawClient.get(app, "/scenarios/te-twcie/about")).contains("404", "did you mean te-twice");
        assertThat(RawClient.get(app, "/scenarios/conn-refused/about")).contains("200 OK", "\"name\":\"conn-refused\"");
        assertThat(RawClient.get(app, "/scenarios/te-twice/other")).contains("404");
    }

    /** Each page about a scenario shows what the script sends, marks and all. */
    @ParameterizedTest
    @MethodSource("http1")
    void everyScenarioHasAPage(Scenario scenario) throws IOException {
        assertThat(RawClient.answer(
                        app,
                        "GET /scenarios/" + scenario.name()
                                + "/about HTTP/1.1\r\nHost: a\r\nAccept: text/html\r\nConnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 200 OK\r\n")
                .contains("<h1>" + scenario.name() + "</h1>");
    }

    @Test
    void whatCannotBeServedHereSaysWhy() throws IOException {
        assertThat(RawClient.get(app, "/scenarios/te-twcie"))
                .startsWith("HTTP/1.1 404 ")
                .contains("did you mean te-twice");
        assertThat(RawClient.get(app, "/scenarios/h2-ok")).contains("404", "speaks HTTP/2", "--http2-prior-knowledge");
        assertThat(RawClient.get(app, "/scenarios/conn-refused")).contains("404", "refuses connections");
        assertThat(RawClient.get(app, "/scenarios/wrong")).contains("307", "Location: /wrong");
    }
}
