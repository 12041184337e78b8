// SPDX-License-Identifier: Apache-2.0
package upstreamreset.tcp;

import static org.assertj.core.api.Assertions.assertThat;
import static upstreamreset.capture.CaptureFiles.toClient;
import static upstreamreset.capture.CaptureFiles.toServer;

import java.io.ByteArrayInputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import upstreamreset.capture.CaptureFiles;
import upstreamreset.capture.CaptureReader;
import upstreamreset.capture.TcpPacket;

class StreamAssemblerTest {
    private static final int ACK = TcpSegment.ACK;
    private static final int SYN = TcpSegment.SYN;
    private static final int FIN = TcpSegment.FIN;
    private static final int RST = TcpSegment.RST;

    @Test
    void whatIsSentAgainIsDroppedAndTheFirstBytesStand() throws Exception {
        assertThat(carried(
                        toServer(SYN, 0, 0, ""),
                        toServer(ACK, 1, 9, "abc"),
                        toServer(ACK, 1, 9, "abc"),
                        toServer(ACK, 3, 9, "XYZ"),
                        toServer(ACK, 2, 9, "??")))
                .isEqualTo(">abc >YZ end");
    }

    @Test
    void whatCameEarlyWaits() throws Exception {
        assertThat(carried(
                        toServer(SYN, 0, 0, ""),
                        toServer(FIN | ACK, 7, 9, ""),
                        toServer(ACK, 5, 9, "ef"),
                        toServer(ACK, 1, 9, "abcd")))
                .isEqualTo(">abcd >ef fin> end");
    }

    @Test
    void sequenceNumbersWrap() throws Exception {
        assertThat(carried(
                        toServer(SYN, -3, 0, ""),
                        toServer(ACK, 1, 9, "def"),
                        toServer(ACK, -2, 9, "abc"),
                        toServer(ACK, 4, 9, "gh")))
                .isEqualTo(">abc >def >gh end");
    }

    @Test
    void whatNeverCameIsAGap() throws Exception {
        assertThat(carried(toServer(SYN, 0, 0, ""), toServer(ACK, 1, 9, "ab"), toServer(ACK, 6, 9, "f")))
                .isEqualTo(">ab gap>3 >f end");
    }

    @Test
    void whatOnlyTheReceiverGotIsAGapToo() throws Exception {
        assertThat(carried(toServer(SYN, 0, 0, ""), toServer(ACK, 1, 9, "ab"), toClient(ACK, 9, 6, "")))
                .isEqualTo(">ab gap>3 end");
    }

    @Test
    void aResetWaitsForTheDataBeforeIt() throws Exception {
        assertThat(carried(
                        toServer(SYN, 0, 0, ""),
                        toClient(SYN | ACK, 50, 1, ""),
                        toClient(RST | ACK, 54, 1, ""),
                        toClient(ACK, 51, 1, "abc")))
                .isEqualTo("<abc rst< end");
    }

    @Test
    void anAnswerToTheHandshakeBeforeItsQuestionIsStillTheServers() throws Exception {
        assertThat(carried(toClient(SYN | ACK, 50, 1, ""), toServer(SYN, 0, 0, ""), toServer(ACK, 1, 51, "abc")))
                .isEqualTo(">abc end");
    }

    @Test
    void aCaptureThatBeginsInTheMiddleKnowsTheServerByItsResponse() throws Exception {
        assertThat(Transcript.of(CaptureFiles.pcap(List.of(toClient(ACK, 50, 1, "HTTP/1.1 200 OK"))))
                        .getFirst())
                .startsWith("10.0.0.1:40000>10.0.0.2:8080 <HTTP");
        var reversed = TcpPacket.of(
                CaptureFiles.CLIENT, CaptureFiles.SERVER, ACK, 1, 1, CaptureFiles.latin1("HTTP/1.1 200 OK"));
        assertThat(Transcript.of(CaptureFiles.pcap(List.of(reversed))).getFirst())
                .startsWith("10.0.0.2:8080>10.0.0.1:40000 <HTTP");
    }

    @Test
    void aPortThatIsUsedAgainIsANewConnection() throws Exception {
        var again = new ArrayList<>(CaptureFiles.exchange("a", "b"));
        again.add(toServer(SYN, 900_000, 0, ""));
        again.add(toServer(ACK, 900_001, 1, "second"));
        assertThat(Transcript.of(CaptureFiles.pcap(again)))
                .containsExactly(
                        "10.0.0.1:40000>10.0.0.2:8080 >a <b fin< fin> end", "10.0.0.1:40000>10.0.0.2:8080 >second end");
    }

    @Test
    void bytesThatTheSnapLengthCutAreAGap() throws Exception {
        var file = CaptureFiles.pcap(
                List.of(toServer(SYN, 0, 0, ""), toServer(ACK, 1, 9, "abcdef")),
                java.nio.ByteOrder.LITTLE_ENDIAN,
                false,
                101,
                43);
        assertThat(Transcript.of(file).getFirst()).endsWith(":8080 >abc gap>3 end");
    }

    @Test
    void aCutSegmentThatIsSentAgainLacksOnlyWhatIsNew() throws Exception {
        var file = CaptureFiles.pcap(
                List.of(
                        toServer(SYN, 0, 0, ""),
                        toServer(ACK, 1, 9, "abc"),
                        toServer(ACK, 4, 9, "def"),
                        toServer(ACK, 1, 9, "abcdefghij")),
                java.nio.ByteOrder.LITTLE_ENDIAN,
                false,
                101,
                44);
        assertThat(Transcript.of(file).getFirst()).endsWith(":8080 >abc >def gap>4 end");
    }

    @Test
    void whatHasWaitedTooLongWaitsNoLonger() throws Exception {
        for (int length : new int[] {1, 1_400}) {
            var packets = new ArrayList<byte[]>(List.of(toServer(SYN, 0, 0, "")));
            for (int i = 0; i < (length == 1 ? 300 : 200); i++) {
                packets.add(toServer(ACK, 3 + i * length, 9, "x".repeat(length)));
            }
            packets.add(toServer(ACK, 1, 9, "ab"));
            assertThat(carried(packets.toArray(byte[][]::new)))
                    .startsWith("gap>2 >x")
                    .doesNotContain("ab");
        }
    }

    @Test
    void aConnectionThatIsOverIsForgottenAMinuteLater() throws Exception {
        // Packets come one a second.
        for (int pause : new int[] {50, 70}) {
            var packets = new ArrayList<>(CaptureFiles.exchange("ask", "answer"));
            packets.addAll(Collections.nCopies(pause, fromPort(1, ACK, 1, "")));
            packets.add(toServer(ACK, 105, 208, ""));
            assertThat(Transcript.of(CaptureFiles.pcap(packets))).hasSize(pause == 50 ? 2 : 3);
        }
    }

    @Test
    void anOpenConnectionMayBeIdleForLong() throws Exception {
        var packets = new ArrayList<>(List.of(toServer(SYN, 0, 0, ""), toServer(ACK, 1, 9, "a")));
        packets.addAll(Collections.nCopies(100, fromPort(1, ACK, 1, "")));
        packets.add(toServer(ACK, 2, 9, "b"));
        assertThat(Transcript.of(CaptureFiles.pcap(packets)).getFirst()).endsWith(" >a >b end");
    }

    @Test
    void afterAResetAnySynIsANewConnection() throws Exception {
        assertThat(Transcript.of(CaptureFiles.pcap(List.of(
                        toServer(SYN, 0, 0, ""),
                        toServer(RST, 1, 0, ""),
                        toServer(SYN, 10, 0, ""),
                        toServer(ACK, 11, 9, "again")))))
                .containsExactly("10.0.0.1:40000>10.0.0.2:8080 rst> end", "10.0.0.1:40000>10.0.0.2:8080 >again end");
    }

    @Test
    void aClientIsKnownByItsRequestAlsoOnALowPort() throws Exception {
        assertThat(Transcript.of(CaptureFiles.pcap(List.of(fromPort(80, ACK, 1, "GET / HTTP/1.1"))))
                        .getFirst())
                .startsWith("10.0.0.1:80>10.0.0.2:8080 >GET");
    }

    @Test
    void noMoreConnectionsAreKeptThanTheTableHolds() {
        assertThat(of132_000(SYN, 1).givenUp()).isBetween(1_000, 40_000);
    }

    @Test
    void whatIsOverForAMinuteTakesNoPlaceInTheTable() {
        assertThat(of132_000(RST, 1_000_000).givenUp()).isZero();
    }

    /** So many connections, of one packet each. */
    private static StreamAssembler of132_000(int flags, long nanosBetween) {
        var assembler = new StreamAssembler((_, _, _, _) -> StreamListener.NONE, Long.MAX_VALUE);
        var segment = new TcpSegment();
        segment.flags = flags;
        segment.targetLow = 7;
        for (int i = 0; i < 132_000; i++) {
            segment.sourceLow = i;
            segment.nanos = i * nanosBetween;
            segment.sent(1_000, 8080);
            assembler.take(segment);
        }
        assertThat(assembler.connections()).isEqualTo(132_000);
        return assembler;
    }

    @ParameterizedTest
    @CsvSource({
        "127.0.0.1, 127.0.0.1",
        "::1, ::1",
        "fd00::1, fd01::1",
        "fd01::1, fd00::1",
        "10.0.0.2, 10.0.0.1",
        "fd00::2, fd00::1"
    })
    void bothDirectionsAreOneConnectionWhateverTheAddresses(String client, String server) throws Exception {
        for (int port : new int[] {40_000, 80}) {
            var from = new InetSocketAddress(InetAddress.ofLiteral(client), port);
            var to = new InetSocketAddress(InetAddress.ofLiteral(server), 8080);
            assertThat(Transcript.of(CaptureFiles.pcap(List.of(
                            TcpPacket.of(from, to, SYN, 0, 0, new byte[0]),
                            TcpPacket.of(from, to, ACK, 1, 9, CaptureFiles.latin1("ask")),
                            TcpPacket.of(to, from, ACK, 9, 4, CaptureFiles.latin1("answer"))))))
                    .containsExactly(Endpoints.text(from) + ">" + Endpoints.text(to) + " >ask <answer end");
        }
    }

    @Test
    void theAckOfTheOtherSideSaysWhereADirectionBegins() throws Exception {
        assertThat(carried(
                        toServer(ACK, 1, 50, "GET / HTTP/1.1"),
                        toClient(ACK, 53, 15, "de"),
                        toClient(ACK, 50, 15, "abc")))
                .isEqualTo(">GET / HTTP/1.1 <abc <de end");
    }

    @Test
    void anOlderAckTakesNothingBack() throws Exception {
        assertThat(carried(
                        toServer(SYN, -6, 0, ""),
                        toServer(ACK, -5, 9, "ab"),
                        toClient(ACK, 9, 2, ""),
                        toClient(ACK, 9, -3, "")))
                .isEqualTo(">ab gap>5 end");
    }

    @ParameterizedTest
    @CsvSource({"10.0.0.1, 10.0.0.2", "10.0.0.2, 10.0.0.1"})
    void withoutAHandshakeOrARequestTheLowerPortIsTheServers(String client, String server) throws Exception {
        var high = new InetSocketAddress(InetAddress.ofLiteral(client), 40_000);
        var low = new InetSocketAddress(InetAddress.ofLiteral(server), 8080);
        for (boolean ask : new boolean[] {true, false}) {
            var packet = TcpPacket.of(ask ? high : low, ask ? low : high, ACK, 1, 9, CaptureFiles.latin1("x"));
            assertThat(Transcript.of(CaptureFiles.pcap(List.of(packet))))
                    .containsExactly(Endpoints.text(high) + ">" + Endpoints.text(low) + (ask ? " >x end" : " <x end"));
        }
    }

    @Test
    void whoSpokeLastIsGivenUpLast() throws Exception {
        var packets = new ArrayList<byte[]>();
        for (int port = 1; port <= 2; port++) {
            packets.add(fromPort(port, SYN, 0, ""));
            packets.add(fromPort(port, ACK, 100, "x".repeat(1_400)));
        }
        packets.add(fromPort(1, ACK, 1_500, "y".repeat(1_400)));
        var transcript = new Transcript();
        var assembler = assembled(transcript, 4_500, packets);
        assertThat(assembler.givenUp()).isEqualTo(1);
        assertThat(transcript.streams.get(1)).asString().endsWith("given-up");
    }

    @Test
    void whatTheListenersHoldCountsToo() throws Exception {
        StreamListener.Factory listeners = (_, _, _, _) -> new StreamListener() {
            @Override
            public void data(Direction direction, byte[] bytes, int offset, int length, Arrival arrival) {}

            @Override
            public void gap(Direction direction, long length, Arrival arrival) {}

            @Override
            public void fin(Direction direction, Arrival arrival) {}

            @Override
            public void reset(Direction direction, Arrival arrival) {}

            @Override
            public void end() {}

            @Override
            public long held() {
                return 1_500;
            }
        };
        var packets = List.of(fromPort(1, SYN, 0, ""), fromPort(2, SYN, 0, ""));
        var assembler = assembled(listeners, 3_500, packets);
        assertThat(assembler.givenUp()).isEqualTo(1);
    }

    @Test
    void noOrderOfTheSegmentsChangesWhatWasSent() throws Exception {
        var random = new Random(8);
        for (int round = 0; round < 300; round++) {
            var packets = new ArrayList<byte[]>();
            var sent = new StringBuilder();
            int start = random.nextInt();
            for (int i = 0; i < 30; i++) {
                var data = Integer.toString(random.nextInt(1_000_000));
                packets.add(toServer(ACK, start + 1 + sent.length(), 9, data));
                sent.append(data);
            }
            packets.add(packets.get(random.nextInt(30)));
            Collections.shuffle(packets, random);
            packets.addFirst(toServer(SYN, start, 0, ""));
            assertThat(carried(packets.toArray(byte[][]::new)).replace(" >", "").replace(">", ""))
                    .isEqualTo(sent + " end");
        }
    }

    @Test
    void aboveTheBudgetTheLongestIdleAreGivenUp() throws Exception {
        // Given: each holds 3,000 bytes that wait for others; the budget is enough for two
        var packets = new ArrayList<byte[]>();
        for (int port = 1; port <= 5; port++) {
            packets.add(fromPort(port, SYN, 0, ""));
            packets.add(fromPort(port, ACK, 100, "x".repeat(1_500)));
            packets.add(fromPort(port, ACK, 1_600, "y".repeat(1_500)));
        }
        packets.add(fromPort(5, ACK, 1, "z".repeat(99)));
        var transcript = new Transcript();
        // When
        var assembler = assembled(transcript, 10_000, packets);
        // Then
        assertThat(assembler.givenUp()).isEqualTo(3);
        assertThat(transcript.streams.stream().limit(3))
                .allMatch(stream -> stream.toString().endsWith("y given-up"));
        assertThat(transcript.streams.get(3)).asString().contains(" gap>99 >x").endsWith("y end");
        assertThat(transcript.streams.get(4))
                .asString()
                .contains(" >zzz")
                .doesNotContain("gap")
                .endsWith("y end");
    }

    @Test
    void whatConnectionsHeldIsGivenBackWhenTheyAreOver() throws Exception {
        var packets = new ArrayList<byte[]>();
        for (int round = 0; round < 20; round++) {
            packets.add(toServer(SYN, round * 1_000_000, 0, ""));
            packets.add(toServer(ACK, round * 1_000_000 + 2_000, 9, "y".repeat(2_000)));
        }
        var assembler = assembled(new Transcript(), 5_000, packets);
        assertThat(assembler.connections()).isEqualTo(20);
        assertThat(assembler.givenUp()).isZero();
    }

    private static StreamAssembler assembled(StreamListener.Factory listeners, long budget, List<byte[]> packets)
            throws Exception {
        var assembler = new StreamAssembler(listeners, budget);
        new CaptureReader("test").read(new ByteArrayInputStream(CaptureFiles.pcap(packets)), assembler);
        return assembler;
    }

    private static byte[] fromPort(int port, int flags, int sequence, String data) {
        var client = new InetSocketAddress(CaptureFiles.CLIENT.getAddress(), port);
        return TcpPacket.of(client, CaptureFiles.SERVER, flags, sequence, 9, CaptureFiles.latin1(data));
    }

    private static String carried(byte[]... packets) throws Exception {
        var transcript = Transcript.of(CaptureFiles.pcap(List.of(packets)));
        assertThat(transcript).hasSize(1);
        return transcript.getFirst().substring("10.0.0.1:40000>10.0.0.2:8080 ".length());
    }
}
