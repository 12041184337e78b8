// SPDX-License-Identifier: Apache-2.0
package upstreamreset.server;

import io.undertow.server.AbstractServerConnection;
import io.undertow.server.HttpServerExchange;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.time.Duration;
import java.util.SequencedSet;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.xnio.IoUtils;
import org.xnio.StreamConnection;
import org.xnio.channels.StreamSinkChannel;
import org.xnio.conduits.AbstractStreamSourceConduit;
import org.xnio.conduits.ReadReadyHandler;
import org.xnio.conduits.StreamSourceConduit;

/**
 * Holds one connection to the {@link Limits}: it sees every byte at the socket, knows what the connection waits for,
 * and ends the connection when it exceeds a limit. Belongs to the connection's IO thread.
 */
final class ConnectionGuard {
    /** The thing that the connection waits for, which decides how long it may wait. */
    private enum Phase {
        REQUEST,
        END_OF_HEAD,
        END_OF_EXCHANGE,
        END_OF_STREAM,
        END_OF_REFUSAL
    }

    /** Behind a refused head: most clients send their request to its end before they read. */
    private static final int MAX_DISCARDED = 1 << 20;

    private final StreamConnection connection;
    private final Connections connections;
    private final SequencedSet<ConnectionGuard> waiting;
    private final HeadMeter head;
    private final ChunkMeter chunks;
    private final Turn turn = new Turn();
    private final boolean probesOnly;
    private Phase phase = Phase.REQUEST;
    private long since = System.nanoTime();
    private long progress = since;
    private int discarded;
    private boolean writeBlocked;
    private boolean closed;
    private @Nullable Runnable onEnd;
    private long answer;

    private ConnectionGuard(
            StreamConnection connection,
            Connections connections,
            SequencedSet<ConnectionGuard> waiting,
            boolean probesOnly) {
        this.connection = connection;
        this.connections = connections;
        this.waiting = waiting;
        this.head = new HeadMeter(connections.memory());
        this.chunks = new ChunkMeter(connections.memory());
        this.probesOnly = probesOnly;
    }

    /**
     * Guards a new connection, before anybody reads from it.
     *
     * @param waiting receives it whenever it begins to wait, behind those that have waited longer
     */
    static ConnectionGuard install(
            StreamConnection connection,
            Connections connections,
            SequencedSet<ConnectionGuard> waiting,
            boolean probesOnly) {
        var guard = new ConnectionGuard(connection, connections, waiting, probesOnly);
        waiting.addLast(guard);
        var source = connection.getSourceChannel();
        var socket = source.getConduit();
        socket.setReadReadyHandler(guard.turn.before(new ReadReadyHandler.ChannelListenerHandler<>(source)));
        source.setConduit(guard.new Source(socket));
        connection
                .getSinkChannel()
                .setConduit(new GuardedSink(connection.getSinkChannel().getConduit(), guard));
        return guard;
    }

    /** The guard of the connection on which this request came. */
    static ConnectionGuard of(HttpServerExchange exchange) {
        var connection = (AbstractServerConnection) exchange.getConnection();
        return ((Http2PrefaceConduit) connection.getOriginalSourceConduit()).guard();
    }

    /** Whether to refuse a request that is not a probe, because all places for connections are taken; counts it. */
    boolean refusesAllButProbes() {
        if (probesOnly) {
            connections.refusedWithAnswer(Refusal.PROBES_ONLY);
        }
        return probesOnly;
    }

    /** The head is whole, and its handler begins. */
    void exchangeBegins() {
        become(Phase.END_OF_EXCHANGE);
        head.isRead();
    }

    /** What the connection may do before the others have their turns. */
    Turn turn() {
        return turn;
    }

    /** The request has a chunked body, which is read through the conduit that this returns. */
    StreamSourceConduit chunkedBody(StreamSourceConduit decoded) {
        return chunks.begins(decoded);
    }

    /** The body is not read as a body any more. */
    void bodyForgotten() {
        chunks.ends();
    }

    /** The request is forgotten and its memory released, except for the parser's part. */
    void headForgotten() {
        head.isForgotten();
    }

    /** Charges an answer that is made for this request alone, until that is over; false, and nothing, where memory does not suffice. */
    boolean holdsAnswer(int bytes) {
        if (!connections.memory().takeForAnswer(bytes)) {
            connections.refused(Refusal.NO_MEMORY);
            return false;
        }
        answer += bytes;
        return true;
    }

    /** What was charged for the answer is with the client's system, though more will come. */
    void answerTaken() {
        connections.memory().giveBack(answer);
        answer = 0;
    }

    /** The connection waits for its next request. */
    void exchangeEnded() {
        headForgotten();
        chunks.ends();
        answerTaken();
        onEnd = null;
        head.next();
        become(Phase.REQUEST);
    }

    /**
     * A response that is slow on purpose begins; {@code ended} runs if the connection ends before {@link
     * #exchangeEnded}.
     */
    void streamBegins(Runnable ended) {
        headForgotten();
        onEnd = ended;
        become(Phase.END_OF_STREAM);
    }

    /** The connection speaks HTTP/2: the following bytes are not a head in text, so a refusal has no sentence. */
    void speaksHttp2() {
        head.inHttp2();
        become(Phase.END_OF_HEAD);
    }

    /** Runs a listener or timer of this connection: an unexpected exception ends the connection and is logged. */
    void run(Runnable action) {
        try {
            action.run();
        } catch (RejectedExecutionException e) {
            IoUtils.safeClose(connection); // the server is closing
        } catch (RuntimeException e) {
            connections.failed(e);
            close(Refusal.FAILURE);
        } catch (OutOfMemoryError e) {
            OutOfMemory.end(e);
        }
    }

    /** Ends what has waited too long. */
    void check(long now) {
        var limits = connections.limits();
        switch (phase) {
            case REQUEST -> {
                if (passed(limits.idle(), since, now)) {
                    close(Refusal.IDLE);
                }
            }
            case END_OF_HEAD -> {
                if (passed(limits.head(), since, now)) {
                    refuse(Refusal.HEAD_TOO_SLOW);
                }
            }
            case END_OF_EXCHANGE -> {
                if (passed(limits.progress(), progress, now)) {
                    close(Refusal.NO_PROGRESS);
                }
            }
            case END_OF_STREAM -> {
                var bound = writeBlocked ? limits.blockedStream() : limits.silentStream();
                if (passed(bound, progress, now)) {
                    close(Refusal.NO_PROGRESS);
                }
            }
            case END_OF_REFUSAL -> {
                if (passed(Limits.REFUSED, since, now)) {
                    IoUtils.safeClose(connection);
                }
            }
        }
    }

    /** Ends the connection at once. */
    void close(Refusal why) {
        connections.refused(why);
        IoUtils.safeClose(connection);
    }

    /** The connection is closed: releases its memory. */
    void closed() {
        closed = true;
        waiting.remove(this);
        head.giveBack();
        chunks.ends();
        answerTaken();
        var ended = onEnd;
        onEnd = null;
        if (ended != null) {
            ended.run();
        }
    }

    private void become(Phase next) {
        phase = next;
        // Slow on purpose; or closed in the middle of an exchange, whose end Undertow tells only then.
        if (next == Phase.END_OF_STREAM || closed) {
            waiting.remove(this);
        } else {
            waiting.addLast(this);
        }
        since = System.nanoTime();
        progress = since;
    }

    private static boolean passed(Duration bound, long since, long now) {
        return now - since > bound.toNanos();
    }

    /** Counts a refusal of which another sends the answer. */
    void refusedWithAnswer(Refusal why) {
        connections.refusedWithAnswer(why);
    }

    /** Answers, and discards what still comes: closing over unread bytes would be a reset, which overtakes the answer. */
    private void refuse(Refusal why) {
        if (head.http2()) {
            close(why);
            return;
        }
        connections.refusedWithAnswer(why);
        become(Phase.END_OF_REFUSAL);
        try {
            var sink = connection.getSinkChannel();
            sink.write(why.answer());
            sink.shutdownWrites();
            sink.flush();
            connection.getSourceChannel().resumeReads();
        } catch (IOException e) {
            IoUtils.safeClose(connection);
        }
    }

    /** Counts the bytes, and refuses them beyond a limit. Returns the number of bytes that the reader may have. */
    private int count(ByteBuffer dst, int from, int count) {
        if (count <= 0) {
            return count;
        }
        turn.read(count);
        progress = System.nanoTime();
        if (phase == Phase.REQUEST) {
            become(Phase.END_OF_HEAD);
        }
        if (phase == Phase.END_OF_HEAD) {
            var why = head.add(dst, from, count);
            if (why != null) {
                refuse(why);
            }
        }
        if (phase == Phase.END_OF_REFUSAL) {
            dst.position(from);
            return 0;
        }
        if (!chunks.add(dst, from, count)) {
            close(Refusal.CHUNKS_TOO_LARGE);
            dst.position(from);
            return -1;
        }
        return count;
    }

    /** So many bytes went to the socket; {@code some} where there were any to write. */
    void wrote(boolean some, long count) {
        if (count > 0) {
            writeBlocked = false;
            progress = System.nanoTime();
        } else {
            writeBlocked |= some;
        }
    }

    /** Bytes from the socket. */
    private final class Source extends AbstractStreamSourceConduit<StreamSourceConduit> {
        private Source(StreamSourceConduit next) {
            super(next);
        }

        @Override
        public int read(ByteBuffer dst) throws IOException {
            if (turn.room() == 0) {
                return 0;
            }
            try {
                if (phase == Phase.END_OF_REFUSAL) {
                    return discard();
                }
                int from = dst.position();
                return count(dst, from, next.read(dst));
            } catch (OutOfMemoryError e) {
                throw OutOfMemory.end(e);
            }
        }

        @Override
        public long read(ByteBuffer[] dsts, int offset, int length) throws IOException {
            for (int i = offset; i < offset + length; i++) {
                if (dsts[i].hasRemaining()) {
                    return read(dsts[i]);
                }
            }
            return 0;
        }

        @Override
        public long transferTo(long position, long count, FileChannel target) throws IOException {
            return progressed(next.transferTo(position, Math.min(count, turn.room()), target));
        }

        @Override
        public long transferTo(long count, ByteBuffer throughBuffer, StreamSinkChannel target) throws IOException {
            return progressed(next.transferTo(Math.min(count, turn.room()), throughBuffer, target));
        }

        /** Reads what comes behind a refused head, in large pieces and up to a bound; the reader gets nothing of it. */
        private int discard() throws IOException {
            int count = next.read(Scratch.buffer());
            turn.read(count);
            discarded += Math.max(count, 0);
            if (discarded > MAX_DISCARDED) {
                IoUtils.safeClose(connection);
                return -1;
            }
            return Math.min(count, 0);
        }

        private long progressed(long count) {
            turn.read(count);
            if (count > 0) {
                progress = System.nanoTime();
            }
            return count;
        }
    }
}
