// SPDX-License-Identifier: Apache-2.0
package upstreamreset.differential;

import java.util.List;
import java.util.stream.Stream;
import upstreamreset.scenario.Catalogue;
import upstreamreset.scenario.WireScript;

/** Responses to mutate: those of the catalogue's scenarios, the app's own two, and valid ones of real servers. */
final class Corpus {
    private static final String DATE = "Date: Sun, 22 Nov 2026 21:49:52 GMT";
    private static final String CHUNKED = "Transfer-Encoding: chunked";
    private static final String HELLO = "5\r\nhello\r\n5\r\nagain\r\n0\r\n\r\n";
    private static final String STREAM = "6\r\nChunk\n\r\n6\r\nChunk\n\r\n0\r\n\r\n";

    private static final List<String> OTHERS = List.of(
            response(STREAM, "Connection: Keep-Alive", CHUNKED, "X-Content-Type-Options: nosniff", DATE),
            response(STREAM, "Connection: Keep-Alive", "Transfer-Encoding: Chunked", CHUNKED, DATE),
            // nginx, Go, the JDK
            response("hello", "Server: nginx/1.22.1", DATE, "Content-Length: 5", "Connection: keep-alive"),
            response(HELLO, DATE, "Content-Type: text/plain; charset=utf-8", CHUNKED),
            response(HELLO, DATE, "Transfer-encoding: chunked"));

    private Corpus() {}

    static List<String> responses() {
        var catalogue = new Catalogue()
                .all().stream()
                        .map(scenario -> scenario.source())
                        .filter(WireScript.class::isInstance)
                        .map(source -> ((WireScript) source).sent().latin1())
                        .filter(sent -> !sent.isEmpty());
        return Stream.concat(catalogue, OTHERS.stream()).toList();
    }

    private static String response(String body, String... fields) {
        return "HTTP/1.1 200 OK\r\n" + String.join("\r\n", fields) + "\r\n\r\n" + body;
    }
}
