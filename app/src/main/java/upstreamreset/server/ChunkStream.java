// SPDX-License-Identifier: Apache-2.0
package upstreamreset.server;

import io.undertow.server.HttpServerExchange;
import io.undertow.server.protocol.http.HttpContinue;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.xnio.ChannelListener;
import org.xnio.IoUtils;
import org.xnio.XnioExecutor;
import org.xnio.channels.StreamSinkChannel;
import org.xnio.channels.StreamSourceChannel;
import upstreamreset.wire.Bytes;

/**
 * One running response: the head at once and each piece when it is due, owned by the connection's IO thread alone.
 *
 * <p>Between two chunks it holds only a timer. While the client's socket is full, it counts the due chunks and sends
 * them when the socket accepts bytes again. A failed write shows that the client has left, and ends the stream.
 */
final class ChunkStream implements Runnable, ChannelListener<StreamSinkChannel> {
    private final HttpServerExchange exchange;
    private final StreamPlan plan;
    private final Streams streams;
    private final long startNanos = System.nanoTime();
    private final StreamSinkChannel sink;
    private final ConnectionGuard guard;
    private final String head;
    private final Answered answered;

    private int sent;
    private @Nullable ByteBuffer current;
    private boolean ended;
    private boolean waitingForSocket;
    private XnioExecutor.@Nullable Key timer;

    ChunkStream(HttpServerExchange exchange, StreamPlan plan, Streams streams, String head, Answered answered) {
        this.exchange = exchange;
        this.plan = plan;
        this.streams = streams;
        this.head = head;
        this.answered = answered;
        this.sink = exchange.getResponseChannel();
        this.guard = ConnectionGuard.of(exchange);
    }

    /** Sends the head and sets the first timer. */
    void start() {
        guard.streamBegins(this::abort);
        sink.getWriteSetter().set(this);
        discardBody();
        try {
            // The head is one write, as ResponseHeadConduit expects.
            if (!sink.flush()) {
                waitForSocket();
                return;
            }
        } catch (IOException e) {
            abort();
            return;
        }
        proceed();
    }

    /** The response does not depend on the request's body and does not wait for it; but a client may wait until it is read. */
    private void discardBody() {
        if (!exchange.isRequestComplete() && !HttpContinue.requiresContinueResponse(exchange)) {
            var body = exchange.getRequestChannel();
            body.getReadSetter().set(this::discard);
            body.resumeReads();
        }
    }

    private void discard(StreamSourceChannel body) {
        var waste = Scratch.buffer();
        try {
            int read;
            do {
                read = body.read(waste.clear());
            } while (read > 0);
            if (read < 0) {
                body.suspendReads();
            }
        } catch (IOException e) {
            abort();
        }
    }

    /** The timer: something is due. */
    @Override
    public void run() {
        timer = null;
        // While the socket is full, its own event sends what is due.
        if (!ended && !waitingForSocket) {
            guard.run(this::proceed);
        }
    }

    /** The socket takes bytes again. */
    @Override
    public void handleEvent(StreamSinkChannel channel) {
        if (!ended) {
            guard.run(this::proceed);
        }
    }

    private void proceed() {
        try {
            if (sendDue() && sink.flush()) {
                taken();
            } else {
                waitForSocket();
            }
        } catch (IOException e) {
            abort();
        }
    }

    /** Sends the due pieces; false if the socket is full. */
    private boolean sendDue() throws IOException {
        int due = plan.dueAfter(System.nanoTime() - startNanos);
        while (sent < due) {
            var bytes = current == null ? plan.bytes(sent) : current;
            while (bytes.hasRemaining()) {
                if (sink.write(bytes) == 0) {
                    current = bytes;
                    return false;
                }
            }
            current = null;
            sent++;
            if (plan.isComplete(sent)) {
                sink.shutdownWrites();
            }
        }
        return true;
    }

    /** Everything due is with the client's system. */
    private void taken() {
        if (waitingForSocket) {
            waitingForSocket = false;
            sink.suspendWrites();
        }
        if (plan.isComplete(sent)) {
            ended = true;
            streams.completed();
            tell("sent to its end");
        } else if (timer == null) {
            long wait = plan.dueNanos(sent) - (System.nanoTime() - startNanos);
            timer = exchange.getIoThread().executeAfter(this, Math.max(wait, 0), TimeUnit.NANOSECONDS);
        }
    }

    private void waitForSocket() {
        if (!waitingForSocket) {
            waitingForSocket = true;
            sink.resumeWrites();
        }
    }

    private void tell(String how) {
        long bytes = head.length() + plan.length(sent);
        answered.ended(bytes, List.of(Bytes.latin1(head), plan.first()), how);
    }

    private void abort() {
        if (!ended) {
            ended = true;
            if (timer != null) {
                timer.remove();
            }
            streams.aborted();
            tell("the client left");
            IoUtils.safeClose(exchange.getConnection());
        }
    }
}
