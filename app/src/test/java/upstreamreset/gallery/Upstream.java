// SPDX-License-Identifier: Apache-2.0
package upstreamreset.gallery;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Executors;
import java.util.zip.GZIPOutputStream;

/** The healthy server that the handlers of the gallery ask: {@code /chunked}, {@code /length} and {@code /gzip}. */
final class Upstream implements AutoCloseable {
    private static final byte[] TEXT = "hello, world".getBytes(StandardCharsets.US_ASCII);

    private final HttpServer server;

    Upstream() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/chunked", exchange -> answer(exchange, TEXT, 0));
        server.createContext("/length", exchange -> answer(exchange, TEXT, TEXT.length));
        server.createContext("/gzip", Upstream::gzip);
        server.start();
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** Compressed for those who ask for it; long enough for the compressed form to be shorter. */
    private static void gzip(HttpExchange exchange) throws IOException {
        var body = "hello, world. ".repeat(20).getBytes(StandardCharsets.US_ASCII);
        var accepted = exchange.getRequestHeaders().getFirst("Accept-Encoding");
        if (accepted != null && accepted.contains("gzip")) {
            var compressed = new ByteArrayOutputStream();
            try (var out = new GZIPOutputStream(compressed)) {
                out.write(body);
            }
            exchange.getResponseHeaders().set("Content-Encoding", "gzip");
            body = compressed.toByteArray();
        }
        answer(exchange, body, body.length);
    }

    /** With {@code length} 0 the JDK's server sends chunks. */
    private static void answer(HttpExchange exchange, byte[] body, int length) throws IOException {
        try (exchange) {
            exchange.getResponseHeaders().set("Content-Type", "text/plain");
            exchange.sendResponseHeaders(200, length);
            exchange.getResponseBody().write(body);
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
