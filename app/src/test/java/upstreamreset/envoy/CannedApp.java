// SPDX-License-Identifier: Apache-2.0
package upstreamreset.envoy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;

/** An app that answers each connection's first request with the same bytes, then closes. */
final class CannedApp implements AutoCloseable {
    /** The original's failure: two {@code Transfer-Encoding} lines. */
    static final String WRONG = """
            HTTP/1.1 200 OK\r
            Transfer-Encoding: Chunked\r
            Transfer-Encoding: chunked\r
            \r
            6\r
            Chunk
            \r
            0\r
            \r
            """;

    static final String RIGHT = "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nok\n";

    private final ServerSocket server;
    private final byte[] answer;
    final AtomicInteger requests = new AtomicInteger();

    CannedApp(String answer) throws IOException {
        this.answer = answer.getBytes(StandardCharsets.ISO_8859_1);
        server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::serve);
    }

    InetSocketAddress address() {
        return (InetSocketAddress) server.getLocalSocketAddress();
    }

    private void serve() {
        while (true) {
            try (var client = server.accept()) {
                requests.incrementAndGet();
                readHead(client);
                client.getOutputStream().write(answer);
                client.shutdownOutput();
                client.getInputStream().readAllBytes();
            } catch (IOException e) {
                if (server.isClosed()) {
                    return;
                }
            }
        }
    }

    private static void readHead(Socket client) throws IOException {
        var in = client.getInputStream();
        for (int matched = 0, c = in.read(); c >= 0; c = in.read()) {
            matched = c == "\r\n\r\n".charAt(matched) ? matched + 1 : c == '\r' ? 1 : 0;
            if (matched == 4) {
                return;
            }
        }
    }

    /** Sends a GET as curl does and returns the whole answer. */
    static String get(InetSocketAddress address, String host, String path) throws IOException {
        try (var socket = new Socket(address.getAddress(), address.getPort())) {
            socket.setSoTimeout(60_000);
            socket.getOutputStream()
                    .write("GET %s HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n"
                            .formatted(path, host)
                            .getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
