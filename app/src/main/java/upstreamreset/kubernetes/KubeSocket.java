// SPDX-License-Identifier: Apache-2.0
package upstreamreset.kubernetes;

import io.fabric8.kubernetes.client.http.WebSocket;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import upstreamreset.wire.Printable;

/**
 * A WebSocket to a Pod through the API server and the kubelet (port-forward, exec, attach), which carries several
 * channels: the first byte of each message names its channel. It requests the next message only after one has been
 * taken, so memory is bounded.
 */
public final class KubeSocket implements AutoCloseable {
    /** The protocol in which no channel can be closed alone. */
    public static final String V4 = "v4.channel.k8s.io";

    private static final int NORMAL_CLOSURE = 1000;

    private final BlockingQueue<Frame> arrived = new LinkedBlockingQueue<>();
    private final AtomicBoolean closed = new AtomicBoolean();
    private volatile boolean over;
    private volatile WebSocket socket = new NoSocket();

    KubeSocket() {}

    /** A message, or the end. */
    public static final class Frame {
        private static final int END = -1;

        private final int channel;
        private final byte[] bytes;
        private final Optional<String> failure;

        private Frame(int channel, byte[] bytes, Optional<String> failure) {
            this.channel = channel;
            this.bytes = bytes;
            this.failure = failure;
        }

        static Frame end(Optional<String> failure) {
            return new Frame(END, new byte[0], failure);
        }

        /** -1 for the end. */
        public int channel() {
            return channel;
        }

        /** The received bytes without the channel's byte; the caller owns them. */
        public byte[] bytes() {
            return bytes;
        }

        /** Why it ended, where not in order. */
        public Optional<String> failure() {
            return failure;
        }

        public boolean isEnd() {
            return channel == END;
        }

        /** The received bytes as one line of text. */
        public String text() {
            return Printable.line(new String(bytes, StandardCharsets.UTF_8).strip());
        }
    }

    /**
     * The next message, or empty if none has come for {@code millis}; the end is reported repeatedly.
     *
     * @throws InterruptedIOException as a stream's read does; the thread stays interrupted
     */
    public Optional<Frame> next(long millis) throws InterruptedIOException {
        Frame frame;
        try {
            frame = arrived.poll(millis, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted");
        }
        if (frame == null) {
            return Optional.empty();
        }
        if (frame.isEnd()) {
            arrived.add(frame);
        } else {
            socket.request();
        }
        return Optional.of(frame);
    }

    /** Sends {@code bytes} on {@code channel}. */
    public void send(int channel, byte[] bytes) throws IOException {
        var message = ByteBuffer.allocate(bytes.length + 1);
        message.put((byte) channel).put(bytes).flip();
        if (over || closed.get() || !socket.send(message)) {
            throw new IOException("the connection to the Pod has ended");
        }
    }

    /** Whether it is we who closed it. */
    public boolean closed() {
        return closed.get();
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            socket.sendClose(NORMAL_CLOSURE, "");
            end(Optional.empty());
        }
    }

    private void end(Optional<String> failure) {
        over = true;
        arrived.add(Frame.end(failure));
    }

    void opened(WebSocket opened) {
        socket = opened;
    }

    /** The callbacks of the HTTP client. */
    WebSocket.Listener listener() {
        return new WebSocket.Listener() {
            @Override
            public void onOpen(WebSocket opened) {
                socket = opened;
            }

            @Override
            public void onMessage(WebSocket from, ByteBuffer message) {
                var bytes = new byte[message.remaining()];
                message.get(bytes);
                if (bytes.length == 0) {
                    from.request();
                } else {
                    arrived.add(
                            new Frame(bytes[0] & 0xFF, Arrays.copyOfRange(bytes, 1, bytes.length), Optional.empty()));
                }
            }

            @Override
            public void onMessage(WebSocket from, String message) {
                onMessage(from, ByteBuffer.wrap(message.getBytes(StandardCharsets.UTF_8)));
            }

            @Override
            public void onClose(WebSocket from, int code, String reason) {
                end(
                        code == NORMAL_CLOSURE || reason == null || reason.isBlank()
                                ? Optional.empty()
                                : Optional.of(reason));
                // The HTTP client answers it.
            }

            @Override
            public void onError(WebSocket from, Throwable failure) {
                end(closed.get() ? Optional.empty() : Optional.of(String.valueOf(failure.getMessage())));
            }
        };
    }

    /** Until the real one is open. */
    private static final class NoSocket implements WebSocket {
        @Override
        public boolean send(ByteBuffer buffer) {
            return false;
        }

        @Override
        public boolean sendClose(int code, String reason) {
            return false;
        }

        @Override
        public long queueSize() {
            return 0;
        }

        @Override
        public void request() {}
    }
}
