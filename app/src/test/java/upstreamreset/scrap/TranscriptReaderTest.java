// SPDX-License-Identifier: Apache-2.0
package upstreamreset.scrap;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TranscriptReaderTest {
    private static final String VERBOSE = """
            $ curl -v http://web:8080/wrong
            *   Trying 10.96.0.1:8080...
            * Connected to web (10.96.0.1) port 8080 (#0)
            > GET /wrong HTTP/1.1
            > Host: web:8080
            >
            < HTTP/1.1 200 OK
            < Transfer-Encoding: chunked
            < transfer-encoding: chunked
            <
            hello* Connection #0 to host web left intact
            """;

    private final TranscriptReader reader = new TranscriptReader();
    private final List<String> left = new ArrayList<>();

    private List<Transcript> read(String text) {
        var all = new ArrayList<Transcript>();
        text.lines().forEach(line -> {
            if (!reader.takes(line)) {
                left.add(line);
            }
            all.addAll(reader.finished());
        });
        reader.end();
        all.addAll(reader.finished());
        return all;
    }

    @Test
    void curlVerbose() {
        assertThat(read(VERBOSE)).singleElement().satisfies(transcript -> {
            assertThat(transcript.status()).isEqualTo(200);
            assertThat(transcript.values("Transfer-Encoding")).containsExactly("chunked", "chunked");
            assertThat(transcript.body()).isEqualTo("hello");
            assertThat(transcript.target()).hasValue("/wrong");
            assertThat(transcript.requestValue("host")).hasValue("web:8080");
        });
        assertThat(left).isEmpty();
    }

    @Test
    void htmlEscapedAsAnIssueShowsIt() {
        assertThat(read(VERBOSE.replace("<", "&lt;").replace(">", "&gt;")))
                .singleElement()
                .satisfies(transcript ->
                        assertThat(transcript.values("transfer-encoding")).hasSize(2));
    }

    @Test
    void curlIncludeAndHttpie() {
        assertThat(read("""
                        HTTP/1.1 503 Service Unavailable
                        content-length: 95
                        server: envoy

                        upstream connect error or disconnect/reset before headers. reset reason: connection termination
                        """)).singleElement().satisfies(transcript -> {
            assertThat(transcript.status()).isEqualTo(503);
            assertThat(transcript.value("server")).hasValue("envoy");
            assertThat(transcript.body()).startsWith("upstream connect error");
        });
    }

    @Test
    void logLinesBehindAResponseAreNotItsBody() {
        var json = "{\"response_code\":503,\"response_flags\":\"UC\",\"path\":\"/x\"}";
        var transcripts =
                read("HTTP/1.1 503 Service Unavailable\nserver: envoy\n\nno healthy upstream\n" + json + "\n");
        assertThat(transcripts)
                .singleElement()
                .satisfies(each -> assertThat(each.body()).isEqualTo("no healthy upstream"));
        assertThat(left).containsExactly(json);
    }

    @Test
    void jsonThatIsNoLogLineIsBody() {
        assertThat(read("HTTP/1.1 500 Internal Server Error\n\n{\"error\":\"x\"}\n"))
                .singleElement()
                .satisfies(each -> assertThat(each.body()).isEqualTo("{\"error\":\"x\"}"));
    }

    @Test
    void behindABodyOfAKnownLengthIsAnothersText() {
        read("HTTP/1.1 503 Service Unavailable\ncontent-length: 19\n\nno healthy upstream\nUPE\n");
        assertThat(left).containsExactly("UPE");
        left.clear();
        read("HTTP/1.1 204 No Content\nserver: envoy\n\n503 UC\n");
        assertThat(left).containsExactly("503 UC");
    }

    @Test
    void interimResponsesAndRedirects() {
        assertThat(read("""
                        > GET / HTTP/1.1
                        >
                        < HTTP/1.1 100 Continue
                        <
                        < HTTP/1.1 301 Moved Permanently
                        < location: /x
                        <
                        * Connection #0 to host web left intact
                        > GET /x HTTP/1.1
                        >
                        < HTTP/1.1 502 Bad Gateway
                        <
                        """)).extracting(Transcript::status).containsExactly(301, 502);
    }

    @Test
    void whatTheClientItselfSaysIsKept() {
        assertThat(read("""
                        * Connected to web (10.96.0.1) port 8080 (#0)
                        > GET / HTTP/1.1
                        >
                        * Recv failure: Connection reset by peer
                        * Closing connection 0
                        curl: (56) Recv failure: Connection reset by peer
                        """)).singleElement().satisfies(transcript -> {
            assertThat(transcript.status()).isZero();
            assertThat(transcript.complaints()).hasSize(2);
        });
    }

    @Test
    void otherLinesAreLeftToOthers() {
        var line = "[2026-11-28T22:34:12.608Z] \"GET /x HTTP/1.1\" 502 UPE";
        assertThat(read(VERBOSE + line + "\n{\"response_code\":503}\n")).hasSize(1);
        assertThat(left).contains(line);
    }

    @Test
    void quotedProseIsNoTranscript() {
        assertThat(read("> I get this error\n> since Monday\n* a list\nText\n")).isEmpty();
        assertThat(left).hasSize(4);
    }

    @Test
    void memoryIsBounded() {
        read("HTTP/1.1 200 OK\n" + "x: y\n".repeat(10_000) + "\n" + "z".repeat(200) + "\n" + "z\n".repeat(100_000));
        assertThat(left).isEmpty();
    }
}
