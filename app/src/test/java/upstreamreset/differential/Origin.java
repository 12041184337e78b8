// SPDX-License-Identifier: Apache-2.0
package upstreamreset.differential;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/** Sends each trial's bytes on the connection whose request has its number; one virtual thread per connection. */
final class Origin implements AutoCloseable {
    /** Long enough that Envoy usually reads one segment before the next comes. */
    private static final int GAP_MILLIS = 4;

    private static final int PATIENCE_MILLIS = 30_000;
    private static final Pattern NUMBER = Pattern.compile("(?i)\r\n" + Oracle.NUMBER + ": (\\d+)\r\n");

    private final ServerSocket server;
    private final Map<Integer, Trial> trials = new ConcurrentHashMap<>();

    Origin() throws IOException {
        server = new ServerSocket(0, 1000, InetAddress.ofLiteral("127.0.0.1"));
        Thread.ofVirtual().start(this::accept);
    }

    InetSocketAddress address() {
        return (InetSocketAddress) server.getLocalSocketAddress();
    }

    void offer(int number, Trial trial) {
        trials.put(number, trial);
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                var socket = server.accept();
                Thread.ofVirtual().start(() -> play(socket));
            } catch (IOException e) {
                if (!server.isClosed()) {
                    throw new UncheckedIOException(e);
                }
            }
        }
    }

    private void play(Socket socket) {
        try (socket) {
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(PATIENCE_MILLIS);
            var trial = trials.remove(number(socket));
            if (trial == null) {
                return;
            }
            var out = socket.getOutputStream();
            for (int i = 0; i < trial.segments().size(); i++) {
                if (i > 0) {
                    TimeUnit.MILLISECONDS.sleep(GAP_MILLIS);
                }
                out.write(trial.segments().get(i).toArray());
            }
            switch (trial.closedBy()) {
                case OPEN, LEFT -> {}
                case FIN -> socket.shutdownOutput();
                case RST -> {
                    TimeUnit.MILLISECONDS.sleep(GAP_MILLIS);
                    socket.setSoLinger(true, 0);
                    return;
                }
            }
            socket.getInputStream().transferTo(OutputStream.nullOutputStream());
        } catch (IOException e) {
            // Envoy closed the connection: some trials end so.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Reads the request's head and returns the number of its trial. */
    private static int number(Socket socket) throws IOException {
        var head = new ByteArrayOutputStream();
        var in = socket.getInputStream();
        int matched = 0;
        while (matched < 4) {
            int b = in.read();
            if (b < 0) {
                return -1;
            }
            head.write(b);
            matched = b == "\r\n\r\n".charAt(matched) ? matched + 1 : b == '\r' ? 1 : 0;
        }
        var field = NUMBER.matcher(head.toString(StandardCharsets.ISO_8859_1));
        return field.find() ? Integer.parseInt(field.group(1)) : -1;
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
