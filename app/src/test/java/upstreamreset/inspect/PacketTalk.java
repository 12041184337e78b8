// SPDX-License-Identifier: Apache-2.0
package upstreamreset.inspect;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import upstreamreset.capture.CaptureFiles;
import upstreamreset.capture.TcpPacket;
import upstreamreset.tcp.TcpSegment;

/** The packets of one connection, in segments and with acknowledgements by chance, from a seed. */
class PacketTalk {
    /** One packet: {@code at} is where its {@code data} stands in what its sender sends. */
    record Packet(boolean fromClient, int flags, int sequence, int acknowledged, String data, int at, long micros) {
        byte[] bytes() {
            var from = fromClient ? CaptureFiles.CLIENT : CaptureFiles.SERVER;
            var to = fromClient ? CaptureFiles.SERVER : CaptureFiles.CLIENT;
            return TcpPacket.of(from, to, flags, sequence, acknowledged, data.getBytes(ISO_8859_1));
        }

        Packet with(String otherData) {
            return new Packet(fromClient, flags, sequence, acknowledged, otherData, at, micros);
        }

        Packet late(long at) {
            return new Packet(fromClient, flags, sequence, acknowledged, data, this.at, at);
        }
    }

    final List<Packet> packets = new ArrayList<>();
    final Random random;
    private final int clientStart;
    private final int serverStart;
    private final int mss;
    int sentByClient;
    int sentByServer;
    private int seenByClient;
    private int seenByServer;
    private long micros = 1_000_000;

    /** Begins with the handshake. */
    PacketTalk(Random random) {
        this.random = random;
        clientStart = random.nextInt();
        serverStart = random.nextInt();
        mss = random.nextInt(4) == 0 ? 20 + random.nextInt(60) : 200 + random.nextInt(1_200);
        packets.add(new Packet(true, TcpSegment.SYN, clientStart, 0, "", 0, micros));
        packets.add(
                new Packet(false, TcpSegment.SYN | TcpSegment.ACK, serverStart, clientStart + 1, "", 0, micros + 50));
        ack(true);
    }

    final void pause(long length) {
        micros += length;
    }

    final void send(boolean fromClient, String data) {
        int segment = random.nextInt(3) == 0 ? data.length() : mss;
        for (int at = 0; at < data.length(); at += segment) {
            var piece = data.substring(at, Math.min(data.length(), at + segment));
            seen(fromClient);
            add(fromClient, TcpSegment.ACK | TcpSegment.PSH, piece);
            if (fromClient) {
                sentByClient += piece.length();
            } else {
                sentByServer += piece.length();
            }
            if (random.nextInt(3) == 0) {
                ack(!fromClient);
            }
        }
    }

    /** The sender has read all that the other has sent. */
    private void seen(boolean byClient) {
        if (byClient) {
            seenByClient = sentByServer;
        } else {
            seenByServer = sentByClient;
        }
    }

    final void maybeAck(boolean fromClient) {
        if (random.nextBoolean()) {
            ack(fromClient);
        }
    }

    private void ack(boolean fromClient) {
        seen(fromClient);
        add(fromClient, TcpSegment.ACK, "");
    }

    private void add(boolean fromClient, int flags, String data) {
        micros += 20 + random.nextInt(200);
        int at = fromClient ? sentByClient : sentByServer;
        packets.add(new Packet(
                fromClient,
                flags,
                (fromClient ? clientStart : serverStart) + 1 + at,
                (fromClient ? serverStart + 1 + seenByClient : clientStart + 1 + seenByServer),
                data,
                at,
                micros));
    }

    final void close() {
        boolean byClient = random.nextBoolean();
        micros += random.nextInt(2_000_000);
        seen(true);
        seen(false);
        switch (random.nextInt(4)) {
            case 0 -> {}
            case 1 -> add(byClient, TcpSegment.RST | TcpSegment.ACK, "");
            default -> {
                add(byClient, TcpSegment.FIN | TcpSegment.ACK, "");
                sentByClient += byClient ? 1 : 0;
                sentByServer += byClient ? 0 : 1;
                seen(!byClient);
                add(!byClient, TcpSegment.FIN | TcpSegment.ACK, "");
                sentByClient += byClient ? 0 : 1;
                sentByServer += byClient ? 1 : 0;
                ack(byClient);
            }
        }
    }
}
