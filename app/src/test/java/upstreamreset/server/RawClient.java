// SPDX-License-Identifier: Apache-2.0
package upstreamreset.server;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import upstreamreset.wire.Bytes;

/** A client that shows the bytes as they came; each read ends within a bound. */
final class RawClient implements AutoCloseable {
    private static final int PATIENCE_MILLIS = 60_000;

    private final Socket socket = new Socket();

    RawClient(AppServer app) throws IOException {
        this(app, 64 * 1024);
    }

    RawClient(AppServer app, int receiveBuffer) throws IOException {
        socket.setReceiveBufferSize(receiveBuffer);
        socket.setSoTimeout(PATIENCE_MILLIS);
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), app.port()), PATIENCE_MILLIS);
    }

    /** The whole answer to one request, to the end of the connection. */
    static String answer(AppServer app, String request) throws IOException {
        try (var client = new RawClient(app)) {
            client.send(request);
            return client.readToEnd();
        }
    }

    static String get(AppServer app, String path) throws IOException {
        return answer(app, "GET " + path + " HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
    }

    /** The value of this metric, labels and all in {@code name}. */
    static String metric(AppServer app, String name) throws IOException {
        var line = get(app, "/metrics")
                .lines()
                .filter(each -> each.startsWith(name + " "))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no metric " + name + " now"));
        return line.substring(name.length() + 1);
    }

    void send(String bytes) throws IOException {
        socket.getOutputStream().write(bytes.getBytes(StandardCharsets.ISO_8859_1));
    }

    String readToEnd() throws IOException {
        return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
    }

    /** Reads this many bytes, or up to the end. */
    Bytes read(int count) throws IOException {
        return Bytes.of(socket.getInputStream().readNBytes(count));
    }

    /** Reads until these bytes have come. */
    String readUntil(String bytes) throws IOException {
        var seen = new StringBuilder();
        while (seen.indexOf(bytes) < 0) {
            int next = socket.getInputStream().read();
            if (next < 0) {
                throw new IOException("the connection ended after: " + seen);
            }
            seen.append((char) next);
        }
        return seen.toString();
    }

    /** Says that nothing more will be sent, and goes on reading. */
    void endOutput() throws IOException {
        socket.shutdownOutput();
    }

    /** Leaves with a reset. */
    void reset() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
