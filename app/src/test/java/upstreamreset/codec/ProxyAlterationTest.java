// SPDX-License-Identifier: Apache-2.0
package upstreamreset.codec;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import upstreamreset.http1.CloseReason;
import upstreamreset.http1.FramingReport;
import upstreamreset.http1.ResponseReader;

/** Which changes to a response a proxy may make, and which are damage; the differential test shows Envoy's changes. */
class ProxyAlterationTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            X-A: b                      | x-a: b
            X-A: b                      | x-a: b & date: now & server: istio-envoy & x-envoy-upstream-service-time: 1
            Server: mine                | server: istio-envoy
            Connection: close, X-A & X-A: b & Keep-Alive: timeout=5 |
            Vary: a & Vary: b           | vary: a,b
            X-A: & X-A: b               | x-a: b
            X-A: a & ~  b               | x-a: a b
            X-A: a&rb                   | x-a: a b
            X-A: &rb                    | x-a: b
            X-A: a&r & X-A: b           | x-a: a,b
            """)
    void whatAProxyMayDoIsNone(String sent, String arrived) {
        assertThat(between(sent, arrived == null ? "" : arrived)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            X-A: a&rb   | x-a: ab          | x-a    | a\\rb | ab
            X-A: a  b   | x-a: a b         | x-a    | a  b   | a b
            X-A: b      |                  | x-a    | b      | ''
            Date: then  | date: now        | date   | then   | now
            X-A: b      | x-a: b & x-c: d  | x-c    | ''     | d
            Vary: a     | vary: a & vary: a | vary  | a      | a,a
            """)
    void aFieldThatArrivesOtherwiseIsOne(String sent, String arrived, String what, String before, String after) {
        assertThat(between(sent, arrived == null ? "" : arrived))
                .containsExactly(new ProxyAlteration(what, before, after));
    }

    @Test
    void aBodyIsComparedWithoutItsFrames() {
        var chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\nX-T: 1\r\n\r\n";

        assertThat(between(chunked, "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", "GET"))
                .isEmpty();
        assertThat(between(chunked, "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhella", "GET"))
                .containsExactly(new ProxyAlteration("body", "5 bytes: hello", "5 bytes: hella"));
        assertThat(between(chunked, "HTTP/1.1 502 Bad\r\nContent-Length: 5\r\n\r\nhello", "GET"))
                .containsExactly(new ProxyAlteration("status", "200", "502"));
    }

    @Test
    void aBodyWithoutAnEndThatArrivesWholeIsOne() {
        assertThat(between(
                        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhello\r\n0\r\n\r\n",
                        "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nhell",
                        "GET"))
                .containsExactly(new ProxyAlteration("body", "an end that cannot be read", "4 bytes: hell, whole"));
    }

    @Test
    void theLengthCountsWhereThereIsNoBody() {
        var sent = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n";

        assertThat(between(sent, "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\n", "HEAD"))
                .containsExactly(new ProxyAlteration("content-length", "5", "6"));
        assertThat(between("HTTP/1.1 204 N\r\nContent-Length: 0\r\n\r\n", "HTTP/1.1 204 N\r\n\r\n", "GET"))
                .isEmpty();
    }

    private static List<ProxyAlteration> between(String sent, String arrived) {
        return between(response(sent), response(arrived), "GET");
    }

    /** {@code &r} stands for a CR, {@code " & ~"} for a folded line, {@code " & "} for the next field. */
    private static String response(String fields) {
        var lines = fields.replace("&r", "\r").replace(" & ~", "\r\n").replace(" & ", "\r\n");
        return "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n" + (lines.isEmpty() ? "" : lines + "\r\n") + "\r\nhi";
    }

    private static List<ProxyAlteration> between(String sent, String arrived, String method) {
        return ProxyAlteration.between(read(sent, method), read(arrived, method));
    }

    private static FramingReport read(String response, String method) {
        return ResponseReader.read(method, response.getBytes(StandardCharsets.ISO_8859_1), CloseReason.OPEN);
    }
}
