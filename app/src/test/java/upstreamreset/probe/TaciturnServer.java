// SPDX-License-Identifier: Apache-2.0
package upstreamreset.probe;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/** Closes every connection without a byte but one that begins as it wants: that one it answers. */
public record TaciturnServer(ServerSocket listener) implements AutoCloseable {
    /**
     * @param begin the first characters of what it answers
     * @param answer in hexadecimal digits
     */
    public TaciturnServer(String begin, String answer) throws IOException {
        this(new ServerSocket(0, 50, InetAddress.ofLiteral("127.0.0.1")));
        Thread.ofVirtual().start(() -> {
            while (!listener.isClosed()) {
                try (var socket = listener.accept()) {
                    var got = new byte[8192];
                    int length = socket.getInputStream().read(got);
                    if (length > 0 && new String(got, 0, length, StandardCharsets.ISO_8859_1).startsWith(begin)) {
                        socket.getOutputStream().write(HexFormat.of().parseHex(answer));
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
