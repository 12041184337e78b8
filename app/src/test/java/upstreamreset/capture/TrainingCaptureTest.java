// SPDX-License-Identifier: Apache-2.0
package upstreamreset.capture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import upstreamreset.http1.Fixtures;
import upstreamreset.tcp.Direction;
import upstreamreset.tcp.StreamEvent;
import upstreamreset.tcp.TcpSegment;
import upstreamreset.wire.Bytes;

/**
 * The captures that {@code inspect}'s start is trained with: what a class is for has to happen in them, or the class comes out
 * of the jar at every start, which takes longer than all others together.
 */
class TrainingCaptureTest {
    private static final int SYN = TcpSegment.SYN;
    private static final int ACK = TcpSegment.ACK;
    private static final int FIN = TcpSegment.FIN;
    private static final int RST = TcpSegment.RST;
    private static final String ETHERNET = "000000000000 000000000000 0800";
    private static final String ETHERNET_6 = "000000000000 000000000000 86dd";
    private static final String PLAIN =
            "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n";

    @TempDir
    private Path folder;

    private final List<byte[]> packets = new ArrayList<>();
    private int port = 20_000;

    @Test
    void itIsWhatThisMakes() throws Exception {
        Fixtures.ALL.forEach(response -> exchange(ask("GET", ""), response));
        Fixtures.ALL.stream()
                .filter(response -> response.contains(" 101 "))
                .forEach(response -> exchange(ask("GET", "Connection: Upgrade\r\nUpgrade: websocket\r\n"), response));
        for (int i = 0; i < 8; i++) {
            exchange(ask("GET", ""), PLAIN);
            exchange(ask("GET", ""), "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello");
        }
        exchange(ask("HEAD", ""), "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n");
        exchange(ask("POST", "Content-Length: 5\r\n") + "hello", PLAIN);
        exchange(ask("POST", "Transfer-Encoding: chunked\r\n") + "5\r\nhello\r\n0\r\n\r\n", PLAIN);
        exchange("\26\3\1\0\5\1\0\0\1\0", "\26\3\3\0\5\2\0\0\1\0");
        exchange("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "\0\0\0\4\0\0\0\0\0");
        exchange("hello", "hello");
        inDisorder();
        keptAlive();
        tornDown();
        seenInPart();
        overIpV6();

        isKept("training.pcap.gz", CaptureFiles.pcap(packets, ByteOrder.LITTLE_ENDIAN, false, 1, Integer.MAX_VALUE));
    }

    @Test
    void soIsTheOneInTheNewerFormat() throws Exception {
        var time = Instant.parse("2026-11-22T20:00:00Z");
        var made = folder.resolve("made");
        CaptureWriter.write(
                made,
                List.of(
                        new StreamEvent.Opened(0, time, CaptureFiles.CLIENT, CaptureFiles.SERVER),
                        new StreamEvent.Data(0, time, Direction.TO_SERVER, Bytes.latin1(ask("GET", ""))),
                        new StreamEvent.Data(0, time, Direction.TO_CLIENT, Bytes.latin1(PLAIN)),
                        new StreamEvent.Fin(0, time, Direction.TO_CLIENT)));

        isKept("training.pcapng.gz", Files.readAllBytes(made));
    }

    private static void isKept(String name, byte[] made) throws IOException {
        var update = Path.of("target", name);
        Files.write(update, zipped(made));
        assertThat(Arrays.equals(unzipped(Path.of("../scripts/lib", name)), made))
                .as("scripts/lib/%s is what this test makes; if that is right, copy app/%s there", name, update)
                .isTrue();
    }

    private void inDisorder() {
        int begin = packets.size();
        exchange(ask("GET", ""), PLAIN, 20);
        var all = packets.subList(begin, packets.size());
        Collections.swap(all, 4, 6);
        all.add(7, all.get(5));
        var fragmented = all.get(8);
        all.remove(8);
        all.addAll(8, fragments(fragmented));
    }

    /** Two requests, then one into a connection that the server is closing. */
    private void keptAlive() {
        var request = ask("GET", "");
        int asked = 101 + request.length();
        int answered = 201 + PLAIN.length();
        handshake();
        toServer(ACK, 101, 201, request);
        toClient(ACK, 201, asked, PLAIN);
        toServer(ACK, asked, answered, request);
        toClient(ACK, answered, asked + request.length(), PLAIN);
        toClient(FIN | ACK, answered + PLAIN.length(), asked + request.length(), "");
        toServer(ACK, asked + request.length(), answered + PLAIN.length(), request);
        toClient(RST, answered + PLAIN.length() + 1, 0, "");
        port++;
    }

    private void tornDown() {
        var request = ask("GET", "");
        for (boolean byServer : new boolean[] {true, false}) {
            handshake();
            toServer(ACK, 101, 201, request);
            toClient(ACK, 201, 101 + request.length(), PLAIN.substring(0, 60));
            if (byServer) {
                toClient(RST | ACK, 261, 101 + request.length(), "");
            } else {
                toServer(RST | ACK, 101 + request.length(), 261, "");
            }
            port++;
        }
        handshake();
        toServer(ACK, 101, 201, request);
        toServer(FIN | ACK, 101 + request.length(), 201, "");
        port++;
        handshake();
        toServer(ACK, 101, 201, request);
        port++;
    }

    /** Without its beginning, without a middle, without its requests. */
    private void seenInPart() {
        toServer(ACK, 101, 201, ask("GET", ""));
        toClient(ACK, 201, 101 + ask("GET", "").length(), PLAIN);
        port++;
        handshake();
        toServer(ACK, 101, 201, ask("GET", ""));
        toClient(ACK, 201, 101 + ask("GET", "").length(), PLAIN.substring(0, 60));
        toClient(ACK, 280, 101 + ask("GET", "").length(), PLAIN.substring(80));
        port++;
        toClient(ACK, 201, 500, PLAIN);
        toClient(ACK, 201 + PLAIN.length(), 500, PLAIN);
        port++;
    }

    private void overIpV6() {
        var request = CaptureFiles.latin1(ask("GET", ""));
        packets.addAll(CaptureFiles.behind(
                ETHERNET_6,
                List.of(
                        TcpPacket.of(CaptureFiles.CLIENT6, CaptureFiles.SERVER6, SYN, 100, 0, new byte[0]),
                        TcpPacket.of(CaptureFiles.CLIENT6, CaptureFiles.SERVER6, ACK, 101, 201, request),
                        TcpPacket.of(
                                CaptureFiles.SERVER6,
                                CaptureFiles.CLIENT6,
                                FIN | ACK,
                                201,
                                101 + request.length,
                                CaptureFiles.latin1(Fixtures.ALL.get(13))))));
    }

    private static String ask(String method, String fields) {
        return method + " /training HTTP/1.1\r\nHost: app:8080\r\nUser-Agent: curl/8.5.0\r\nAccept: */*\r\n"
                + "x-request-id: 7d0a9b3e-8a51-4c1f-9d2e-0c9d8b3a5c11\r\n" + fields + "\r\n";
    }

    private void exchange(String request, String response) {
        exchange(request, response, TcpPacket.MSS);
    }

    /** Closed by the server; the response in segments of {@code size} bytes. */
    private void exchange(String request, String response, int size) {
        handshake();
        toServer(ACK, 101, 201, request);
        for (int at = 0; at < response.length(); at += size) {
            toClient(
                    ACK,
                    201 + at,
                    101 + request.length(),
                    response.substring(at, Math.min(response.length(), at + size)));
        }
        toClient(FIN | ACK, 201 + response.length(), 101 + request.length(), "");
        toServer(FIN | ACK, 101 + request.length(), 202 + response.length(), "");
        port++;
    }

    private void handshake() {
        toServer(SYN, 100, 0, "");
        toClient(SYN | ACK, 200, 101, "");
    }

    private void toServer(int flags, int sequence, int acknowledged, String data) {
        add(TcpPacket.of(client(), CaptureFiles.SERVER, flags, sequence, acknowledged, CaptureFiles.latin1(data)));
    }

    private void toClient(int flags, int sequence, int acknowledged, String data) {
        add(TcpPacket.of(CaptureFiles.SERVER, client(), flags, sequence, acknowledged, CaptureFiles.latin1(data)));
    }

    private InetSocketAddress client() {
        return new InetSocketAddress(InetAddress.ofLiteral("10.0.0.1"), port);
    }

    private void add(byte[] packet) {
        packets.addAll(CaptureFiles.behind(ETHERNET, List.of(packet)));
    }

    /** The IPv4 packet in an Ethernet frame, in two. */
    private static List<byte[]> fragments(byte[] frame) {
        int first = 14 + 20 + 24;
        var begin = Arrays.copyOf(frame, first);
        begin[17] = 20 + 24;
        begin[20] = 0x20;
        var rest = new byte[frame.length - 24];
        System.arraycopy(frame, 0, rest, 0, 34);
        System.arraycopy(frame, first, rest, 34, frame.length - first);
        rest[16] = (byte) ((rest.length - 14) >> 8);
        rest[17] = (byte) (rest.length - 14);
        rest[20] = 0;
        rest[21] = 24 / 8;
        return List.of(begin, rest);
    }

    private static byte[] zipped(byte[] content) throws IOException {
        var zipped = new ByteArrayOutputStream();
        try (var out = new GZIPOutputStream(zipped)) {
            out.write(content);
        }
        return zipped.toByteArray();
    }

    private static byte[] unzipped(Path file) throws IOException {
        try (var in = new GZIPInputStream(Files.newInputStream(file))) {
            return in.readAllBytes();
        }
    }
}
