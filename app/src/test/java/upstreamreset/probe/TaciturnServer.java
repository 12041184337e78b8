// SPDX-License-Identifier: Apache-2.0
package upstreamreset.probe;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Map;

/** Answers connections that begin with given characters; closes all others without a byte. */
public record TaciturnServer(ServerSocket listener) implements AutoCloseable {
    /** {@code answers} maps the first characters of a request to the answer in hexadecimal digits. */
    public TaciturnServer(Map<String, String> answers) throws IOException {
        this(new ServerSocket(0, 50, InetAddress.ofLiteral("127.0.0.1")));
        Thread.ofVirtual().start(() -> {
            while (!listener.isClosed()) {
                try (var socket = listener.accept()) {
                    var got = new byte[8192];
                    int length = socket.getInputStream().read(got);
                    var asked = new String(got, 0, Math.max(0, length), StandardCharsets.ISO_8859_1);
                    for (var each : answers.entrySet()) {
                        if (asked.startsWith(each.getKey())) {
                            socket.getOutputStream().write(HexFormat.of().parseHex(each.getValue()));
                        }
                    }
                } catch (IOException e) {
                    // the next one, or closed
                }
            }
        });
    }

    public int port() {
        return listener.getLocalPort();
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }
}
