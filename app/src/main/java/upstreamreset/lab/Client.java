// SPDX-License-Identifier: Apache-2.0
package upstreamreset.lab;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import upstreamreset.framing.ConnectionEnd;
import upstreamreset.framing.FramingReport;
import upstreamreset.framing.ResponseReader;

/** Asks as curl does, on a connection of its own, and keeps what came as it came. */
final class Client {
    private static final int BODY_KEPT = 1 << 20;
    private static final int CONNECT_MILLIS = 5_000;

    private Client() {}

    /** The head of a request as curl would send it. */
    static String request(String method, String target, String host) {
        return "%s %s HTTP/1.1\r\nHost: %s\r\nUser-Agent: upstream-reset\r\nAccept: */*\r\n\r\n"
                .formatted(method, target, host);
    }

    /**
     * Sends a GET and reads the response to its end, but not longer than {@code patience} without a byte.
     *
     * @throws IOException when the connection cannot be made
     */
    static Answer get(InetSocketAddress address, String target, String host, Duration patience) throws IOException {
        long start = System.nanoTime();
        var reader = new ResponseReader("GET", BODY_KEPT);
        try (var socket = new Socket()) {
            socket.connect(address, CONNECT_MILLIS);
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(Math.toIntExact(patience.toMillis()));
            socket.getOutputStream().write(request("GET", target, host).getBytes(StandardCharsets.ISO_8859_1));
            var end = read(socket, reader);
            return new Answer(reader.finish(end), Duration.ofNanos(System.nanoTime() - start));
        }
    }

    private static ConnectionEnd read(Socket socket, ResponseReader reader) {
        var buffer = new byte[16 * 1024];
        try {
            while (!reader.done()) {
                int count = socket.getInputStream().read(buffer);
                if (count < 0) {
                    return ConnectionEnd.FIN;
                }
                reader.feed(buffer, 0, count);
            }
            return ConnectionEnd.OPEN;
        } catch (SocketTimeoutException e) {
            return ConnectionEnd.OPEN;
        } catch (IOException e) {
            return ConnectionEnd.RST;
        }
    }

    /** What the client got, and how long it took until the last byte or the end of its patience. */
    record Answer(FramingReport response, Duration took) {}
}
