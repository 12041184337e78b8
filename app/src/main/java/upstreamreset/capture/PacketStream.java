// SPDX-License-Identifier: Apache-2.0
package upstreamreset.capture;

import static upstreamreset.capture.TcpPacket.MSS;
import static upstreamreset.tcp.TcpSegment.ACK;
import static upstreamreset.tcp.TcpSegment.FIN;
import static upstreamreset.tcp.TcpSegment.PSH;
import static upstreamreset.tcp.TcpSegment.RST;
import static upstreamreset.tcp.TcpSegment.SYN;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import upstreamreset.tcp.Direction;
import upstreamreset.tcp.StreamEvent;
import upstreamreset.tcp.StreamEvent.Data;
import upstreamreset.tcp.StreamEvent.Fin;
import upstreamreset.tcp.StreamEvent.Gap;
import upstreamreset.tcp.StreamEvent.Opened;
import upstreamreset.tcp.StreamEvent.Reset;

/** Turns one connection's events into the packets that a sniffer would have seen, with handshake and ACKs. */
final class PacketStream {
    /** The receiver acknowledges before more than this is in flight, so that its window never seems full. */
    private static final int SEGMENTS_PER_ACK = 16;

    private static final byte[] NOTHING = {};

    private final PcapngBlocks blocks;
    private final InetSocketAddress client;
    private final InetSocketAddress server;
    private final Map<Direction, Integer> next = new EnumMap<>(Direction.class);
    private boolean ending;
    private boolean reset;

    PacketStream(PcapngBlocks blocks, Opened opened) throws IOException {
        this.blocks = blocks;
        client = opened.client();
        server = opened.server();
        next.put(Direction.TO_SERVER, 1_000);
        next.put(Direction.TO_CLIENT, 2_000);
        send(opened.time(), Direction.TO_SERVER, SYN, NOTHING, "");
        send(opened.time(), Direction.TO_CLIENT, SYN | ACK, NOTHING, "");
        acknowledge(opened.time(), Direction.TO_SERVER);
    }

    void add(StreamEvent event) throws IOException {
        switch (event) {
            case Opened opened -> throw new IllegalArgumentException("stream " + opened.stream() + " is opened twice");
            case Data data -> data(data);
            case Gap gap ->
                throw new IllegalArgumentException(
                        "stream " + gap.stream() + " has a gap: its bytes cannot be written");
            case Fin fin -> {
                send(fin.time(), fin.direction(), FIN | ACK, NOTHING, ending(fin.direction(), "closed", "FIN"));
                acknowledge(fin.time(), fin.direction().opposite());
            }
            case Reset torn -> {
                send(torn.time(), torn.direction(), RST | ACK, NOTHING, ending(torn.direction(), "reset", "RST"));
                reset = true;
            }
        }
    }

    private void data(Data data) throws IOException {
        byte[] bytes = data.bytes().toArray();
        int segments = 0;
        for (int at = 0; at < bytes.length; at += MSS) {
            int end = Math.min(at + MSS, bytes.length);
            boolean last = end == bytes.length;
            send(data.time(), data.direction(), last ? PSH | ACK : ACK, Arrays.copyOfRange(bytes, at, end), "");
            if (last || ++segments % SEGMENTS_PER_ACK == 0) {
                acknowledge(data.time(), data.direction().opposite());
            }
        }
    }

    /** The comment for the packet that ends the connection: only the first to do so has one. */
    private String ending(Direction direction, String did, String flag) {
        var comment = ending ? "" : "the %s %s the connection first (%s)".formatted(direction.sender(), did, flag);
        ending = true;
        return comment;
    }

    private void acknowledge(Instant time, Direction direction) throws IOException {
        if (!reset) {
            send(time, direction, ACK, NOTHING, "");
        }
    }

    private void send(Instant time, Direction direction, int flags, byte[] data, String comment) throws IOException {
        boolean fromClient = direction == Direction.TO_SERVER;
        int sequence = next.getOrDefault(direction, 0);
        int acknowledged = (flags & ACK) == 0 ? 0 : next.getOrDefault(direction.opposite(), 0);
        var packet = TcpPacket.of(
                fromClient ? client : server, fromClient ? server : client, flags, sequence, acknowledged, data);
        next.put(direction, sequence + data.length + ((flags & (SYN | FIN)) == 0 ? 0 : 1));
        blocks.packet(time, packet, comment);
    }
}
