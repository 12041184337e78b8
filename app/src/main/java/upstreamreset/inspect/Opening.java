// SPDX-License-Identifier: Apache-2.0
package upstreamreset.inspect;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import upstreamreset.http2.FrameChain;
import upstreamreset.protocol.FirstBytes;
import upstreamreset.protocol.Recognition;
import upstreamreset.tcp.Arrival;
import upstreamreset.tcp.Direction;
import upstreamreset.tcp.StreamListener;

/** Keeps a bounded part of a connection until its protocol is known, and replays it to that protocol's reader. */
final class Opening {
    private static final int MAX_PIECES = 256;
    private static final long PIECE_BYTES = 150;

    private final FirstBytes client = new FirstBytes();
    private final FirstBytes server = new FirstBytes();
    private final List<Piece> pieces = new ArrayList<>(2);
    private long held;
    private boolean gap;
    /** Whether bytes are missing behind its first ones. */
    private boolean clientCut;

    private boolean serverCut;

    private enum Event {
        DATA,
        GAP,
        FIN,
        RESET
    }

    /** The content: {@code length} of a gap, or the bytes. */
    private static final class Piece {
        private final Event event;
        private final Direction direction;
        private final byte[] bytes;
        private final long length;
        private final Arrival arrival;

        Piece(Event event, Direction direction, byte[] bytes, long length, Arrival arrival) {
            this.event = event;
            this.direction = direction;
            this.bytes = bytes;
            this.length = length;
            this.arrival = arrival;
        }

        void tell(StreamListener to, int from) {
            switch (event) {
                case DATA -> {
                    if (from < bytes.length) {
                        to.data(direction, bytes, from, bytes.length - from, at(from));
                    }
                }
                case GAP -> to.gap(direction, length, arrival);
                case FIN -> to.fin(direction, arrival);
                case RESET -> to.reset(direction, arrival);
            }
        }

        private Arrival at(int from) {
            return from == 0
                    ? arrival
                    : Arrival.at(arrival.nanos(), arrival.frame(), arrival.offset() + from, arrival.acknowledged());
        }
    }

    void data(Direction direction, byte[] bytes, int offset, int length, Arrival arrival) {
        if (!(direction == Direction.TO_SERVER ? clientCut : serverCut)) {
            (direction == Direction.TO_SERVER ? client : server).add(bytes, offset, offset + length);
        }
        add(Event.DATA, direction, Arrays.copyOfRange(bytes, offset, offset + length), length, arrival);
    }

    void gap(Direction direction, long length, Arrival arrival) {
        gap = true;
        clientCut |= direction == Direction.TO_SERVER && client.length() > 0;
        serverCut |= direction == Direction.TO_CLIENT && server.length() > 0;
        add(Event.GAP, direction, new byte[0], length, arrival);
    }

    void fin(Direction direction, Arrival arrival) {
        add(Event.FIN, direction, new byte[0], 0, arrival);
    }

    void reset(Direction direction, Arrival arrival) {
        add(Event.RESET, direction, new byte[0], 0, arrival);
    }

    private void add(Event event, Direction direction, byte[] bytes, long length, Arrival arrival) {
        pieces.add(new Piece(
                event,
                direction,
                bytes,
                length,
                Arrival.at(arrival.nanos(), arrival.frame(), arrival.offset(), arrival.acknowledged())));
        held += PIECE_BYTES + bytes.length;
    }

    /** Whether bytes of the part to be recognised are missing. */
    boolean hasGap() {
        return gap;
    }

    /** Whether there is anything that a protocol could be recognised by. */
    boolean hasBytes() {
        return client.length() > 0 || server.length() > 0;
    }

    FirstBytes client() {
        return client;
    }

    /** {@code over} says that nothing more will come. */
    Recognition recognition(boolean over) {
        return Recognition.of(client, server, over || (gap && hasBytes()) || isFull());
    }

    /** Whether a segment begins with frames of HTTP/2. */
    boolean hasFrames() {
        for (var piece : pieces) {
            if (piece.event == Event.DATA && FrameChain.begins(piece.bytes, 0, piece.bytes.length)) {
                return true;
            }
        }
        return false;
    }

    private boolean isFull() {
        return client.length() == FirstBytes.MAX_BYTES
                || server.length() == FirstBytes.MAX_BYTES
                || pieces.size() >= MAX_PIECES;
    }

    /** When the first piece came. */
    long nanos() {
        return pieces.getFirst().arrival.nanos();
    }

    /** Replays the bytes, without the first ones of the client and of the server. */
    void replay(StreamListener to, int clientSkipped, int serverSkipped) {
        int fromClient = clientSkipped;
        int fromServer = serverSkipped;
        for (var piece : pieces) {
            boolean byClient = piece.direction == Direction.TO_SERVER;
            int from = piece.event == Event.DATA ? byClient ? fromClient : fromServer : 0;
            piece.tell(to, from);
            int taken = Math.min(from, piece.bytes.length);
            fromClient -= byClient ? taken : 0;
            fromServer -= byClient ? 0 : taken;
        }
    }

    /** About how much memory it takes, in bytes. */
    long held() {
        return held + client.held() + server.held();
    }
}
