// SPDX-License-Identifier: Apache-2.0
package upstreamreset.probe;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.function.Function;

/** Answers every request with one text. */
record TextServer(ServerSocket listener) implements AutoCloseable {
    TextServer(Function<String, String> answer) throws IOException {
        this(0, answer);
    }

    TextServer(int port, Function<String, String> answer) throws IOException {
        this(new ServerSocket(port, 50, InetAddress.ofLiteral("127.0.0.1")));
        Thread.ofVirtual().start(() -> {
            while (!listener.isClosed()) {
                try {
                    var socket = listener.accept();
                    Thread.ofVirtual().start(() -> serve(socket, answer));
                } catch (IOException e) {
                    return;
                }
            }
        });
    }

    private static void serve(Socket socket, Function<String, String> answer) {
        try (socket) {
            var in = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
            var request = new StringBuilder();
            for (var line = in.readLine(); line != null; line = in.readLine()) {
                request.append(line).append('\n');
                if (line.isEmpty()) {
                    socket.getOutputStream()
                            .write(answer.apply(request.toString()).getBytes(StandardCharsets.ISO_8859_1));
                    request.setLength(0);
                }
            }
        } catch (IOException e) {
            // the probe has closed the connection
        }
    }

    Target target() {
        return Target.parse("http://127.0.0.1:" + listener.getLocalPort());
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }
}
