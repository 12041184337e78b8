// SPDX-License-Identifier: Apache-2.0
package upstreamreset.lab;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import upstreamreset.http1.CloseReason;
import upstreamreset.http1.FramingReport;
import upstreamreset.http1.ResponseReader;
import upstreamreset.scenario.Request;
import upstreamreset.wire.Bytes;

/** Asks as curl does, on a connection and a thread of its own, and keeps the last response as it came. */
final class Client implements AutoCloseable {
    private static final int BODY_KEPT = 1 << 20;
    private static final int CONNECT_MILLIS = 5_000;

    private final Socket socket;
    private final Request request;
    private final byte[] bytes;
    private final long start = System.nanoTime();
    private final Thread thread;
    private final ByteArrayOutputStream got = new ByteArrayOutputStream();
    private CloseReason end = CloseReason.OPEN;
    private long ended;

    private Client(Socket socket, Request request, byte[] bytes) {
        this.socket = socket;
        this.request = request;
        this.bytes = bytes;
        this.thread = Thread.ofVirtual().name("client").start(this::run);
    }

    /**
     * Sends the request and reads the response to its end; but not longer than {@code patience} without a byte, nor than
     * the request says.
     *
     * @throws IOException when the connection cannot be made
     */
    static Client ask(InetSocketAddress address, Request request, byte[] bytes, Duration patience) throws IOException {
        var socket = new Socket();
        try {
            socket.connect(address, CONNECT_MILLIS);
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(
                    Math.toIntExact(request.leaveAfter().orElse(patience).toMillis()));
            return new Client(socket, request, bytes);
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    /** What the client got when it is done, or after {@code grace} if it is not done then; it leaves. */
    Answer answer(Duration grace) throws IOException, InterruptedException {
        thread.join(grace);
        socket.close();
        thread.join();
        var reader = new ResponseReader(request.method(), BODY_KEPT);
        var all = got.toByteArray();
        reader.feed(all, 0, all.length);
        return new Answer(reader.finish(end), Bytes.of(all), Duration.ofNanos(ended - start));
    }

    private void run() {
        try (socket) {
            for (int i = 0; i < request.times(); i++) {
                if (i > 0) {
                    Thread.sleep(request.gap());
                    got.reset();
                }
                send();
                end = read();
            }
        } catch (IOException e) {
            end = CloseReason.OPEN; // somebody closed the socket: it does not wait any longer
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            ended = System.nanoTime();
        }
    }

    private void send() {
        try {
            socket.getOutputStream().write(bytes);
        } catch (IOException e) {
            // answered before the request was read to its end: the answer counts
        }
    }

    private CloseReason read() throws IOException {
        var reader = new ResponseReader(request.method(), 0);
        var buffer = new byte[16 * 1024];
        while (!reader.done()) {
            int count;
            try {
                count = socket.getInputStream().read(buffer);
            } catch (SocketTimeoutException e) {
                return CloseReason.OPEN;
            } catch (IOException e) {
                if (socket.isClosed()) {
                    throw e;
                }
                return CloseReason.RST;
            }
            if (count < 0) {
                return CloseReason.FIN;
            }
            got.write(buffer, 0, count);
            reader.feed(buffer, 0, count);
        }
        return CloseReason.OPEN;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    /** What the client got, and how long it took until the last byte or the end of its patience. */
    record Answer(FramingReport response, Bytes bytes, Duration took) {}
}
