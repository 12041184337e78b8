// SPDX-License-Identifier: Apache-2.0
package upstreamreset.server;

import io.undertow.server.AbstractServerConnection;
import io.undertow.server.HttpServerExchange;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.xnio.IoUtils;
import org.xnio.StreamConnection;
import org.xnio.channels.StreamSinkChannel;
import org.xnio.channels.StreamSourceChannel;
import org.xnio.conduits.AbstractStreamSinkConduit;
import org.xnio.conduits.AbstractStreamSourceConduit;
import org.xnio.conduits.StreamSinkConduit;
import org.xnio.conduits.StreamSourceConduit;

/**
 * Holds one connection to the {@link Limits}: it sees every byte next to the socket, knows what the connection waits for, and
 * ends it where a bound is passed. Belongs to the connection's IO thread.
 */
final class ConnectionGuard {
    /** What the connection waits for, which decides how long it may. */
    private enum Phase {
        REQUEST,
        END_OF_HEAD,
        END_OF_EXCHANGE,
        END_OF_STREAM,
        END_OF_REFUSAL
    }

    /** Of HTTP/2 this is the preface, and what is more than the preface is a wrong one for the parser to refuse. */
    private static final Set<String> VERSIONS = Set.of("HTTP/1.1", "HTTP/1.0", "HTTP/2.0");

    private static final int VERSION_LENGTH = "HTTP/1.1".length();
    private static final String END_OF_HEAD = "\r\n\r\n";
    /** What a field line and a parameter cost as objects, besides their bytes. */
    private static final int ENTRY_COST = 250;
    /** What every connection may have, however much the others take: a usual request, as Envoy passes it on. */
    private static final int FREE_HEAD_COST = 6 * 1024;
    /** Undertow's parser keeps its buffers for the connection's life; of a head this small they do not count. */
    private static final int SMALL_HEAD = 4 * 1024;

    private final StreamConnection connection;
    private final Connections connections;
    private final boolean probesOnly;
    private Phase phase = Phase.REQUEST;
    private long since = System.nanoTime();
    private long progress = since;
    private boolean writeBlocked;
    private boolean http2;
    private @Nullable Runnable onEnd;
    private int headBytes;
    private long headCost;
    private int fieldLines;
    private int parameters;
    private int endOfHead;
    private long charged;
    private long retained;
    private long answer;

    private ConnectionGuard(StreamConnection connection, Connections connections, boolean probesOnly) {
        this.connection = connection;
        this.connections = connections;
        this.probesOnly = probesOnly;
    }

    /** Guards a new connection, before anybody reads from it. */
    static ConnectionGuard install(StreamConnection connection, Connections connections, boolean probesOnly) {
        var guard = new ConnectionGuard(connection, connections, probesOnly);
        connection
                .getSourceChannel()
                .setConduit(guard.new Source(connection.getSourceChannel().getConduit()));
        connection
                .getSinkChannel()
                .setConduit(guard.new Sink(connection.getSinkChannel().getConduit()));
        return guard;
    }

    /** The guard of the connection on which this request came. */
    static ConnectionGuard of(HttpServerExchange exchange) {
        var connection = (AbstractServerConnection) exchange.getConnection();
        return ((Http2PrefaceConduit) connection.getOriginalSourceConduit()).guard();
    }

    /** Whether only probes are answered here: the app has all the connections that it takes. */
    boolean probesOnly() {
        return probesOnly;
    }

    /** The head is whole, and its handler begins. */
    void exchangeBegins() {
        become(Phase.END_OF_EXCHANGE);
        if (headBytes > SMALL_HEAD) {
            retained = Math.max(retained, Math.min(headBytes, charged));
        }
    }

    /** What the request said is forgotten: its memory is free, but for what the parser keeps. */
    void headForgotten() {
        connections.memory().giveBack(charged - retained);
        charged = retained;
    }

    /** Charges an answer that is made for this request alone, until that is over; false, and nothing, where memory does not suffice. */
    boolean holdsAnswer(int bytes) {
        boolean taken = connections.memory().take(bytes);
        answer += taken ? bytes : 0;
        return taken;
    }

    /** The connection waits for its next request. */
    void exchangeEnded() {
        headForgotten();
        connections.memory().giveBack(answer);
        answer = 0;
        onEnd = null;
        headBytes = 0;
        headCost = 0;
        fieldLines = 0;
        parameters = 0;
        endOfHead = 0;
        become(Phase.REQUEST);
    }

    /** What is slow on purpose begins; {@code ended} is run if the connection ends before {@link #exchangeEnded}. */
    void streamBegins(Runnable ended) {
        headForgotten();
        onEnd = ended;
        become(Phase.END_OF_STREAM);
    }

    /** The connection speaks HTTP/2: what follows is no head in text, and is refused without a sentence. */
    void speaksHttp2() {
        http2 = true;
        endOfHead = 0;
        become(Phase.END_OF_HEAD);
    }

    /** Runs a listener or timer of this connection: what it does not foresee ends the connection, and is logged. */
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

    /** Since when it waits for a request, or for the rest of one; {@link Long#MAX_VALUE} if it does not. */
    long waitsSince() {
        return phase == Phase.REQUEST || phase == Phase.END_OF_HEAD ? since : Long.MAX_VALUE;
    }

    /** Ends the connection at once. */
    void close(Refusal why) {
        connections.refused(why);
        IoUtils.safeClose(connection);
    }

    /** The connection is closed: gives back what it held. */
    void closed() {
        connections.memory().giveBack(charged + answer);
        answer = 0;
        charged = 0;
        retained = 0;
        var ended = onEnd;
        onEnd = null;
        if (ended != null) {
            ended.run();
        }
    }

    private void become(Phase next) {
        phase = next;
        since = System.nanoTime();
        progress = since;
    }

    private static boolean passed(Duration bound, long since, long now) {
        return now - since > bound.toNanos();
    }

    /** Answers, and discards what still comes: closing over unread bytes would be a reset, which overtakes the answer. */
    private void refuse(Refusal why) {
        if (http2) {
            close(why);
            return;
        }
        connections.refused(why);
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

    /** Counts what came, and refuses it where a bound is passed. Returns how much of it the reader may have. */
    private int count(ByteBuffer dst, int from, int count) {
        if (count <= 0) {
            return count;
        }
        progress = System.nanoTime();
        if (phase == Phase.REQUEST) {
            become(Phase.END_OF_HEAD);
        }
        if (phase == Phase.END_OF_HEAD && endOfHead < END_OF_HEAD.length()) {
            var why = countHead(dst, from, count);
            if (why != null) {
                refuse(why);
            }
        }
        if (phase == Phase.END_OF_REFUSAL) {
            dst.position(from);
            return 0;
        }
        return count;
    }

    /** Counts bytes, lines and parameters of a head, and what they cost; the reason where a bound is passed. */
    private @Nullable Refusal countHead(ByteBuffer dst, int from, int count) {
        int lines = fieldLines;
        int separators = parameters;
        int bytes = count;
        for (int i = from; !http2 && i < from + count; i++) {
            byte each = dst.get(i);
            endOfHead = each == END_OF_HEAD.charAt(endOfHead) ? endOfHead + 1 : each == '\r' ? 1 : 0;
            if (each == '\n') {
                if (fieldLines == 0 && otherVersion(dst, from, i)) {
                    return Refusal.OTHER_VERSION;
                }
                fieldLines++;
            } else if ((each == '&' || each == ';') && fieldLines == 0) {
                parameters++;
            }
            if (endOfHead == END_OF_HEAD.length()) {
                bytes = i + 1 - from;
                break;
            }
        }
        headBytes += bytes;
        // The request line and the empty line end in LF too.
        if (fieldLines > Limits.MAX_FIELD_LINES + 2) {
            return Refusal.TOO_MANY_FIELDS;
        }
        if (parameters > Limits.MAX_PARAMETERS) {
            return Refusal.TOO_MANY_PARAMETERS;
        }
        if (headBytes > Limits.MAX_HEAD_BYTES) {
            return fieldLines == 0 ? Refusal.TARGET_TOO_LONG : Refusal.HEAD_TOO_LARGE;
        }
        // Twice: the parser's buffer, and the text that it makes of it.
        long cost = 2L * bytes + (long) ENTRY_COST * (fieldLines - lines + parameters - separators);
        long before = Math.max(0, headCost - FREE_HEAD_COST);
        headCost += cost;
        long charge = Math.max(0, headCost - FREE_HEAD_COST) - before;
        if (!connections.memory().take(charge)) {
            return Refusal.NO_MEMORY;
        }
        charged += charge;
        return null;
    }

    /** Whether the request line that ends at {@code end} names a version of HTTP that nobody speaks here (RFC 9110 §15.6.6). */
    private static boolean otherVersion(ByteBuffer bytes, int from, int end) {
        int begin = end - 1 - VERSION_LENGTH;
        if (begin < from || bytes.get(end - 1) != '\r') {
            return false; // in two reads: the parser decides
        }
        var text = new byte[VERSION_LENGTH];
        bytes.get(begin, text);
        var version = new String(text, StandardCharsets.ISO_8859_1);
        return version.startsWith("HTTP/") && !VERSIONS.contains(version);
    }

    /** What the socket has for us. */
    private final class Source extends AbstractStreamSourceConduit<StreamSourceConduit> {
        private Source(StreamSourceConduit next) {
            super(next);
        }

        @Override
        public int read(ByteBuffer dst) throws IOException {
            try {
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
            return progressed(next.transferTo(position, count, target));
        }

        @Override
        public long transferTo(long count, ByteBuffer throughBuffer, StreamSinkChannel target) throws IOException {
            return progressed(next.transferTo(count, throughBuffer, target));
        }
    }

    /** What the socket takes from us. */
    private final class Sink extends AbstractStreamSinkConduit<StreamSinkConduit> {
        private Sink(StreamSinkConduit next) {
            super(next);
        }

        @Override
        public int write(ByteBuffer src) throws IOException {
            try {
                return (int) taken(src.hasRemaining(), next.write(src));
            } catch (OutOfMemoryError e) {
                throw OutOfMemory.end(e);
            }
        }

        @Override
        public long write(ByteBuffer[] srcs, int offset, int length) throws IOException {
            try {
                return taken(true, next.write(srcs, offset, length));
            } catch (OutOfMemoryError e) {
                throw OutOfMemory.end(e);
            }
        }

        @Override
        public int writeFinal(ByteBuffer src) throws IOException {
            return (int) taken(src.hasRemaining(), next.writeFinal(src));
        }

        @Override
        public long writeFinal(ByteBuffer[] srcs, int offset, int length) throws IOException {
            return taken(true, next.writeFinal(srcs, offset, length));
        }

        @Override
        public long transferFrom(FileChannel src, long position, long count) throws IOException {
            return taken(count > 0, next.transferFrom(src, position, count));
        }

        @Override
        public long transferFrom(StreamSourceChannel source, long count, ByteBuffer throughBuffer) throws IOException {
            return taken(count > 0, next.transferFrom(source, count, throughBuffer));
        }

        private long taken(boolean some, long count) {
            if (count > 0) {
                writeBlocked = false;
                progress = System.nanoTime();
            } else {
                writeBlocked |= some;
            }
            return count;
        }
    }

    private long progressed(long count) {
        if (count > 0) {
            progress = System.nanoTime();
        }
        return count;
    }
}
