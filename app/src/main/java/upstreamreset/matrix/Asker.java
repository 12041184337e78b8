// SPDX-License-Identifier: Apache-2.0
package upstreamreset.matrix;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import upstreamreset.http1.CloseReason;
import upstreamreset.http1.FramingReport;
import upstreamreset.http1.ResponseReader;
import upstreamreset.scenario.Request;
import upstreamreset.scenario.Scenario;

/** Makes a scenario's request through a proxy's Unix socket, and reads the last response by RFC 9112. */
final class Asker {
    private static final int KEPT = 1 << 20;
    private static final byte[] HTTP = "HTTP/".getBytes(StandardCharsets.US_ASCII);

    private final Path socket;
    private final Request request;
    private final byte[] bytes;
    private final Duration patience;
    private final ByteArrayOutputStream got = new ByteArrayOutputStream();
    private volatile boolean done;
    private CloseReason end = CloseReason.OPEN;

    Asker(Path socket, Scenario scenario, Duration patience) {
        this.socket = socket;
        this.request = scenario.request();
        this.bytes = request.onTheWire(scenario.path(), "http-chunked:8080");
        this.patience = patience;
    }

    /** @throws IOException when the proxy does not take the connection */
    Answer ask() throws IOException, InterruptedException {
        Thread thread;
        var channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            channel.connect(UnixDomainSocketAddress.of(socket));
            thread = Thread.ofVirtual().name("asker").start(() -> run(channel));
            thread.join(patience);
        } finally {
            channel.close();
        }
        thread.join();
        var reader = new ResponseReader(request.method(), KEPT);
        reader.feed(got.toByteArray(), 0, got.size());
        var response = reader.finish(end);
        var words = headless() ? "what it hands on has no head" : "";
        return new Answer(end(response), response.status(), response.body(), words);
    }

    /** What nginx makes of bytes that are no HTTP: it hands them on as they are, and keeps the connection open. */
    private boolean headless() {
        return got.size() >= HTTP.length && !Arrays.equals(got.toByteArray(), 0, HTTP.length, HTTP, 0, HTTP.length);
    }

    private Answer.End end(FramingReport response) {
        if (!done) {
            return Answer.End.TIMEOUT;
        }
        boolean fromApp = !response.fields(ProxyKind.FROM_APP).isEmpty();
        return fromApp && response.complete() ? Answer.End.WHOLE : Answer.End.ERROR;
    }

    private void run(SocketChannel channel) {
        try {
            for (int i = 0; i < request.times(); i++) {
                if (i > 0) {
                    Thread.sleep(request.gap());
                    got.reset();
                }
                send(channel);
                end = read(channel);
            }
            done = end != CloseReason.LEFT;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void send(SocketChannel channel) {
        try {
            var left = ByteBuffer.wrap(bytes);
            while (left.hasRemaining()) {
                channel.write(left);
            }
        } catch (IOException e) {
            // answered before the request was read to its end, or out of patience: what is read tells
        }
    }

    /** Reads a response, or what comes until the connection ends. */
    private CloseReason read(SocketChannel channel) {
        var reader = new ResponseReader(request.method(), 0);
        var buffer = ByteBuffer.allocate(16 * 1024);
        while (!reader.done() && !headless()) {
            int count;
            try {
                count = channel.read(buffer.clear());
            } catch (IOException e) {
                if (!channel.isOpen()) {
                    return CloseReason.LEFT;
                }
                return CloseReason.RST;
            }
            if (count < 0) {
                return CloseReason.FIN;
            }
            got.write(buffer.array(), 0, count);
            reader.feed(buffer.array(), 0, count);
        }
        return CloseReason.OPEN;
    }
}
