// SPDX-License-Identifier: Apache-2.0
package upstreamreset.server;

import io.undertow.server.HttpServerExchange;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.xnio.ChannelListener;
import org.xnio.IoUtils;
import org.xnio.XnioIoThread;
import org.xnio.channels.StreamSinkChannel;
import upstreamreset.site.LiveFeed;

/**
 * One client of the live view, owned by its connection's IO thread. It holds only the step
 * that it is sending, which all clients share; while its socket is full, it takes no new one.
 */
final class LiveSubscriber implements ChannelListener<StreamSinkChannel> {
    private static final ByteBuffer COMMENT = ByteBuffer.wrap(": still here\n\n".getBytes(StandardCharsets.US_ASCII));

    private final HttpServerExchange exchange;
    private final long silenceNanos;
    private final Consumer<LiveSubscriber> left;
    private final ConnectionGuard guard;
    private LiveFeed.@Nullable Position position;
    private @Nullable StreamSinkChannel sink;
    private @Nullable ByteBuffer current;
    private long wroteAt = System.nanoTime();
    private boolean ending;
    private boolean ended;

    LiveSubscriber(HttpServerExchange exchange, Duration silence, Consumer<LiveSubscriber> left) {
        this.exchange = exchange;
        this.silenceNanos = silence.toNanos();
        this.left = left;
        this.guard = ConnectionGuard.of(exchange);
    }

    void start(LiveFeed.Step first) {
        sink = exchange.getResponseChannel();
        sink.getWriteSetter().set(this);
        guard.streamBegins(this::end);
        position = first.next();
        current = first.own();
        guard.run(this::write);
    }

    /** The thread that owns it. */
    XnioIoThread thread() {
        return exchange.getIoThread();
    }

    /** Sends news, or a comment after a long silence; on its own thread. */
    void proceed(LiveFeed.Moment moment, boolean ending) {
        guard.run(() -> tell(moment, ending));
    }

    /** The socket takes bytes again. */
    @Override
    public void handleEvent(StreamSinkChannel channel) {
        guard.run(this::write);
    }

    private void tell(LiveFeed.Moment moment, boolean ending) {
        this.ending |= ending;
        var from = position;
        if (ended || from == null || current != null) {
            return;
        }
        if (ending) {
            finish();
            return;
        }
        var next = moment.since(from);
        position = next.next();
        if (next.bytes().hasRemaining()) {
            current = next.own();
        } else if (System.nanoTime() - wroteAt > silenceNanos) {
            current = COMMENT.duplicate();
        }
        write();
    }

    private void write() {
        var bytes = current;
        var channel = sink;
        if (ended || bytes == null || channel == null) {
            return;
        }
        try {
            while (bytes.hasRemaining()) {
                if (channel.write(bytes) == 0) {
                    channel.resumeWrites();
                    return;
                }
            }
            if (!channel.flush()) {
                channel.resumeWrites();
                return;
            }
            channel.suspendWrites();
            current = null;
            guard.answerTaken();
            wroteAt = System.nanoTime();
            if (ending) {
                finish();
            }
        } catch (IOException e) {
            abort();
        }
    }

    /** The client comes again, to another Pod. */
    private void finish() {
        var channel = sink;
        if (channel == null) {
            return;
        }
        ended = true;
        try {
            channel.shutdownWrites();
            channel.getWriteSetter().set(ignored -> guard.run(() -> flush(channel)));
            flush(channel);
        } catch (IOException e) {
            abort();
        }
    }

    private void flush(StreamSinkChannel channel) {
        try {
            if (channel.flush()) {
                channel.suspendWrites();
                end();
            } else {
                channel.resumeWrites();
            }
        } catch (IOException e) {
            abort();
        }
    }

    private void abort() {
        end();
        IoUtils.safeClose(exchange.getConnection());
    }

    private void end() {
        ended = true;
        left.accept(this);
    }
}
