// SPDX-License-Identifier: Apache-2.0
package upstreamreset.testing;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;

/** Stands between a browser and an app, and answers for the app what a test wants; all else it passes on. */
public final class HostileRelay implements AutoCloseable {
    private final ServerSocket listener = new ServerSocket(0, 100, InetAddress.getLoopbackAddress());
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final URI app;
    private final Function<String, String> answers;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();

    /** @param answers gives the bytes of an answer to a request's head, as ISO 8859-1; empty to pass it on */
    public HostileRelay(URI app, Function<String, String> answers) throws IOException {
        this.app = app;
        this.answers = answers;
        threads.execute(() -> {
            while (!listener.isClosed()) {
                try {
                    var client = listener.accept();
                    threads.execute(() -> serve(client));
                } catch (IOException e) {
                    return; // closed
                }
            }
        });
    }

    public URI uri() {
        return URI.create("http://127.0.0.1:" + listener.getLocalPort() + "/");
    }

    private void serve(Socket client) {
        open.add(client);
        try (client) {
            var head = new StringBuilder();
            while (head.indexOf("\r\n\r\n") < 0) {
                int next = client.getInputStream().read();
                if (next < 0) {
                    return;
                }
                head.append((char) next);
            }
            var answer = answers.apply(head.toString());
            if (answer.isEmpty()) {
                passOn(head.toString(), client);
            } else {
                client.getOutputStream().write(answer.getBytes(StandardCharsets.ISO_8859_1));
                client.shutdownOutput();
                client.getInputStream().transferTo(OutputStream.nullOutputStream());
            }
        } catch (IOException e) {
            // One of the two has left.
        } finally {
            open.remove(client);
        }
    }

    private void passOn(String head, Socket client) throws IOException {
        try (var server = new Socket()) {
            server.connect(new InetSocketAddress(app.getHost(), app.getPort()), 60_000);
            server.getOutputStream()
                    .write(head.replaceFirst("(?i)\r\nConnection: [^\r]*", "\r\nConnection: close")
                            .getBytes(StandardCharsets.ISO_8859_1));
            server.getInputStream().transferTo(client.getOutputStream());
        }
    }

    /** Breaks all connections; new ones are taken. */
    public void breakAll() throws IOException {
        for (var each : open) {
            each.close();
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
        threads.shutdownNow();
    }
}
