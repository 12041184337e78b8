// SPDX-License-Identifier: Apache-2.0
package upstreamreset.lab;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import upstreamreset.framing.ResponseReader;
import upstreamreset.scenario.Request;
import upstreamreset.scenario.Scenario;
import upstreamreset.scenario.Source;
import upstreamreset.wire.Bytes;

/** Asks what a scenario wants asked, on a thread of its own, and keeps the last response as it came. */
final class RigClient implements AutoCloseable {
    private static final int PATIENCE_MILLIS = 10_000;

    private final Socket socket;
    private final Thread thread;
    private final ByteArrayOutputStream got = new ByteArrayOutputStream();

    private RigClient(Socket socket, Scenario scenario) {
        this.socket = socket;
        this.thread = Thread.ofVirtual().name("rig-client").start(() -> ask(scenario));
    }

    static RigClient ask(InetSocketAddress address, Scenario scenario) throws IOException {
        var socket = new Socket();
        try {
            socket.connect(address, PATIENCE_MILLIS);
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(Math.toIntExact(
                    scenario.request().leaveAfter().map(Duration::toMillis).orElse((long) PATIENCE_MILLIS)));
            return new RigClient(socket, scenario);
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    /** What it has got, when it is done or after {@code grace}. */
    Bytes got(Duration grace) throws InterruptedException {
        thread.join(grace);
        synchronized (got) {
            return Bytes.of(got.toByteArray());
        }
    }

    private void ask(Scenario scenario) {
        var request = scenario.request();
        try (socket) {
            for (int i = 0; i < request.times(); i++) {
                if (i > 0) {
                    Thread.sleep(request.gap());
                    synchronized (got) {
                        got.reset();
                    }
                }
                send(bytes(scenario));
                read(request);
            }
        } catch (SocketTimeoutException e) {
            // it gives up
        } catch (IOException e) {
            // reset: what came, came
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static byte[] bytes(Scenario scenario) {
        var request = scenario.request();
        if (request.raw().isPresent()) {
            return request.raw().get().toArray();
        }
        var path = scenario.source() instanceof Source.App(var served) ? served : "/scenarios/" + scenario.name();
        var head = "%s %s HTTP/1.1\r\nHost: http-chunked:8080\r\nUser-Agent: upstream-reset\r\nAccept: */*\r\n"
                .formatted(request.method(), path);
        var length = request.bodyBytes() > 0 ? "Content-Length: " + request.bodyBytes() + "\r\n" : "";
        return (head + length + "\r\n" + "x".repeat(request.bodyBytes())).getBytes(StandardCharsets.ISO_8859_1);
    }

    private void send(byte[] request) {
        try {
            socket.getOutputStream().write(request);
        } catch (IOException e) {
            // answered before the request was read to its end: the answer counts
        }
    }

    private void read(Request request) throws IOException {
        var reader = new ResponseReader(request.method(), 0);
        var buffer = new byte[16 * 1024];
        while (!reader.done()) {
            int count = socket.getInputStream().read(buffer);
            if (count < 0) {
                return;
            }
            synchronized (got) {
                got.write(buffer, 0, count);
            }
            reader.feed(buffer, 0, count);
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
