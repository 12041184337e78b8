// SPDX-License-Identifier: Apache-2.0
package upstreamreset.server;

import io.undertow.server.AbstractServerConnection;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Iterator;
import java.util.concurrent.TimeUnit;
import org.xnio.ChannelListener;
import org.xnio.IoUtils;
import org.xnio.Options;
import org.xnio.StreamConnection;
import org.xnio.conduits.ConduitStreamSinkChannel;
import org.xnio.conduits.ConduitStreamSourceChannel;
import upstreamreset.scenario.WireScript;
import upstreamreset.scenario.WireStep;

/**
 * Plays a script on a connection that Undertow has released, byte for byte, and returns the connection for the next
 * request if the script leaves it open. Belongs to the connection's IO thread. It always reads, to notice a client that
 * leaves: otherwise the socket of a stalling script would stay open forever.
 */
final class WireConnection {
    private static final String END_OF_HEAD = "\r\n\r\n";
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final StreamConnection channel;
    private final ConnectionGuard guard;
    private final ConduitStreamSinkChannel sink;
    private final ConduitStreamSourceChannel source;
    private final Iterator<WireStep> steps;
    private final boolean oneByteWrites;
    private final WireScript script;
    private final Answered answered;
    private final ChannelListener<? super StreamConnection> giveBack;
    private final Runnable turn = this::turn;
    private ByteBuffer current = NOTHING;
    private State state = State.PLAYING;
    private boolean asked;
    private boolean peerEnded;
    private int endOfHead;
    private int heads;
    /** Whether more bytes have come than whole heads: the beginning of one, or a body. */
    private boolean behindHead;

    private long sent;
    private boolean told;

    private enum State {
        PLAYING,
        AWAITING_REQUEST,
        /** Only waits for the peer to leave. */
        WAITING_FOR_END,
        ENDED
    }

    private WireConnection(
            StreamConnection channel,
            ConnectionGuard guard,
            WireScript script,
            boolean oneByteWrites,
            Answered answered,
            ChannelListener<? super StreamConnection> giveBack) {
        this.channel = channel;
        this.guard = guard;
        this.sink = channel.getSinkChannel();
        this.source = channel.getSourceChannel();
        this.steps = script.steps().iterator();
        this.oneByteWrites = oneByteWrites;
        this.script = script;
        this.answered = answered;
        this.giveBack = giveBack;
    }

    /** Takes the connection from Undertow and plays; the request that asks for it has been read. */
    static void play(
            AbstractServerConnection connection,
            ConnectionGuard guard,
            WireScript script,
            boolean oneByteWrites,
            Answered answered,
            ChannelListener<? super StreamConnection> giveBack) {
        connection.resetChannel();
        var play = new WireConnection(connection.getChannel(), guard, script, oneByteWrites, answered, giveBack);
        var extra = connection.getExtraBytes();
        if (extra != null) {
            play.lookForHeads(extra.getBuffer());
            extra.close();
            connection.setExtraBytes(null);
        }
        play.start();
    }

    /** Plays a script that ends its connection; the request that asks for it has been read. */
    static void play(StreamConnection connection, ConnectionGuard guard, WireScript script, Answered answered) {
        new WireConnection(connection, guard, script, false, answered, IoUtils::safeClose).start();
    }

    private void start() {
        guard.bodyForgotten();
        guard.streamBegins(() -> {
            state = State.ENDED;
            OneByteWrites.turns().forget(turn);
            tell("the connection ended");
        });
        source.setReadListener(_ -> guard.run(this::read));
        sink.setWriteListener(_ -> guard.run(() -> {
            sink.suspendWrites();
            proceed();
        }));
        proceed();
        if (state != State.ENDED) {
            source.resumeReads();
        }
    }

    /** Goes on; a script that writes each byte for itself, when it has its turn. */
    private void proceed() {
        if (oneByteWrites) {
            OneByteWrites.turns().run(channel.getIoThread(), turn);
        } else {
            advance();
        }
    }

    private void turn() {
        guard.run(this::advance);
    }

    private void advance() {
        try {
            while (state == State.PLAYING && write() && next()) {
                // one step after the other
            }
        } catch (IOException e) {
            end();
        }
    }

    /** Whether the kernel has taken all of the current bytes; where not, it is arranged when to go on. */
    private boolean write() throws IOException {
        int before = current.position();
        boolean full;
        try {
            full = oneByteWrites ? OneByteWrites.write(current, sink::write) : write(current);
        } finally {
            sent += current.position() - before;
        }
        if (full) {
            sink.resumeWrites();
        } else if (current.hasRemaining()) {
            proceed();
        }
        return !current.hasRemaining();
    }

    /** Returns whether the socket is full. */
    private boolean write(ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            if (sink.write(bytes) == 0) {
                return true;
            }
        }
        return false;
    }

    /** Begins the next step. Returns whether to continue at once. */
    private boolean next() throws IOException {
        if (!steps.hasNext()) {
            giveBack();
            return false;
        }
        return switch (steps.next()) {
            case WireStep.ReadRequest _, WireStep.ReadHead _ -> !awaitRequest();
            case WireStep.Send(var bytes) -> {
                current = bytes.buffer();
                if (oneByteWrites) {
                    proceed();
                }
                yield !oneByteWrites;
            }
            case WireStep.Pause(var time) -> {
                channel.getIoThread()
                        .executeAfter(() -> guard.run(this::proceed), time.toMillis(), TimeUnit.MILLISECONDS);
                yield false;
            }
            case WireStep.Close _ -> {
                sink.shutdownWrites();
                sink.flush();
                tell("closed (FIN)");
                await(State.WAITING_FOR_END);
                yield false;
            }
            case WireStep.Reset _ -> {
                channel.setOption(Options.CLOSE_ABORT, true);
                tell("reset (RST)");
                end();
                yield false;
            }
            case WireStep.Stall _ -> {
                tell("stays silent");
                await(State.WAITING_FOR_END);
                yield false;
            }
        };
    }

    /** Whether there is something to wait for: the first request has been read already. */
    private boolean awaitRequest() {
        if (!asked) {
            asked = true;
            return false;
        }
        if (heads > 0) {
            heads--;
            return false;
        }
        await(State.AWAITING_REQUEST);
        return true;
    }

    private void await(State what) {
        state = what;
        if (peerEnded) {
            end();
        }
    }

    private void read() {
        try {
            var waste = Scratch.buffer();
            int count;
            while ((count = source.read(waste.clear())) > 0) {
                lookForHeads(waste.flip());
            }
            if (state == State.AWAITING_REQUEST && heads > 0) {
                heads--;
                state = State.PLAYING;
                proceed();
            }
            if (count < 0) {
                peerEnded = true;
                source.suspendReads();
                if (state == State.AWAITING_REQUEST || state == State.WAITING_FOR_END) {
                    end();
                }
            }
        } catch (IOException e) {
            end();
        }
    }

    /** Counts the requests that come while the script plays, for a script that reads a second one. */
    private void lookForHeads(ByteBuffer bytes) {
        while (bytes.hasRemaining()) {
            char c = (char) bytes.get();
            behindHead = true;
            endOfHead = c == END_OF_HEAD.charAt(endOfHead) ? endOfHead + 1 : c == '\r' ? 1 : 0;
            if (endOfHead == END_OF_HEAD.length()) {
                endOfHead = 0;
                behindHead = false;
                heads++;
            }
        }
    }

    private void giveBack() {
        if (peerEnded || heads > 0 || behindHead) {
            end(); // bytes of the next request have been discarded: the client must send that again
            return;
        }
        state = State.ENDED;
        tell("left the connection open");
        source.suspendReads();
        source.setReadListener(null);
        sink.setWriteListener(null);
        giveBack.handleEvent(channel);
    }

    private void tell(String how) {
        if (!told) {
            told = true;
            answered.ended(sent, script.sends(), how);
        }
    }

    private void end() {
        state = State.ENDED;
        tell("the connection ended");
        IoUtils.safeClose(channel);
    }
}
