// SPDX-License-Identifier: Apache-2.0
package upstreamreset.capture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import org.junit.jupiter.api.Test;
import upstreamreset.tcp.StreamAssembler;
import upstreamreset.tcp.TcpSegment;
import upstreamreset.tcp.Transcript;

class PcapngFileTest {
    private static final byte[] ASK = CaptureFiles.toServer(TcpSegment.ACK, 5, 6, "ask");
    private static final String EXPECTED = "10.0.0.1:40000>10.0.0.2:8080 >ask end";
    private static final List<ByteOrder> ORDERS = List.of(ByteOrder.LITTLE_ENDIAN, ByteOrder.BIG_ENDIAN);

    private final ByteArrayOutputStream file = new ByteArrayOutputStream();
    private ByteOrder order = ByteOrder.LITTLE_ENDIAN;

    @Test
    void eachSectionHasItsOwnByteOrderAndItsOwnInterfaces() throws Exception {
        section(ByteOrder.LITTLE_ENDIAN);
        describe(147, 0);
        section(ByteOrder.BIG_ENDIAN);
        describe(101, 0);
        packet(0, 0, ASK);
        assertThat(Transcript.of(file.toByteArray())).containsExactly(EXPECTED);
    }

    @Test
    void timeIsCountedAsTheInterfaceSays() throws Exception {
        for (var each : ORDERS) {
            file.reset();
            section(each);
            describe(101, 0);
            describe(101, 0, resolution(9));
            describe(101, 0, resolution(0x80 | 10));
            describe(101, 0, resolution(0), offset(-3_600));
            describe(101, 0, resolution(0), offset(3L << 31));
            packet(0, 1_500_000, ASK);
            packet(1, 1_500_000, CaptureFiles.toServer(TcpSegment.ACK, 8, 6, "b"));
            packet(2, 1_536, CaptureFiles.toServer(TcpSegment.ACK, 9, 6, "c"));
            packet(3, 3_601, CaptureFiles.toServer(TcpSegment.ACK, 10, 6, "d"));
            packet(4, 1, CaptureFiles.toServer(TcpSegment.ACK, 11, 6, "e"));
            assertThat(Transcript.times(file.toByteArray()))
                    .as("%s", each)
                    .containsExactly(
                            1_500_000_000L,
                            1_500_000L,
                            1_500_000_000L,
                            1_000_000_000L,
                            ((3L << 31) + 1) * 1_000_000_000L);
        }
    }

    @Test
    void aSimplePacketIsAsLongAsTheInterfacesSnapLength() throws Exception {
        section(ByteOrder.LITTLE_ENDIAN);
        describe(101, 42);
        // 42 bytes of 43, filled up to a multiple of four
        block(3, ByteBuffer.allocate(48).order(order).putInt(ASK.length).put(ASK, 0, 42));
        assertThat(Transcript.of(file.toByteArray())).containsExactly("10.0.0.1:40000>10.0.0.2:8080 >as gap>1 end");
    }

    @Test
    void aBlockOfFourGigabytesIsNoMemoryAndIsSaid() throws Exception {
        for (int type : new int[] {4, 5, 0xBAD}) {
            file.reset();
            section(ByteOrder.LITTLE_ENDIAN);
            describe(101, 0);
            packet(0, 0, ASK);
            file.writeBytes(ByteBuffer.allocate(100)
                    .order(order)
                    .putInt(type)
                    .putInt(-4)
                    .array());
            var transcript = new Transcript();
            var summary = new CaptureReader("test")
                    .read(new ByteArrayInputStream(file.toByteArray()), new StreamAssembler(transcript));
            assertThat(summary.stopped()).hasValue("the file ends within a block, after packet 1");
            assertThat(transcript.streams).singleElement().hasToString(EXPECTED);
        }
    }

    @Test
    void interfacesWithoutEndAreNoMemoryAndAreSaid() throws Exception {
        section(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i <= PcapngFile.MAX_INTERFACES; i++) {
            describe(101, 0);
        }
        packet(PcapngFile.MAX_INTERFACES, 0, ASK);
        var transcript = new Transcript();
        var summary = new CaptureReader("test")
                .read(new ByteArrayInputStream(file.toByteArray()), new StreamAssembler(transcript));
        assertThat(summary.stopped().orElseThrow()).startsWith("more than 65,536 interfaces are described at byte ");
        assertThat(transcript.streams).isEmpty();
    }

    private void section(ByteOrder of) {
        order = of;
        block(0x0A0D0D0A, ByteBuffer.allocate(16).order(of).putInt(0x1A2B3C4D).putShort((short) 1));
    }

    private void describe(int linkType, int snapLength, byte[]... options) {
        var body = ByteBuffer.allocate(8 + 16 * options.length).order(order);
        body.putShort((short) linkType).putShort((short) 0).putInt(snapLength);
        for (var option : options) {
            body.put(option);
        }
        block(1, body);
    }

    private byte[] resolution(int value) {
        return ByteBuffer.allocate(8)
                .order(order)
                .putShort((short) 9)
                .putShort((short) 1)
                .put((byte) value)
                .array();
    }

    private byte[] offset(long seconds) {
        return ByteBuffer.allocate(12)
                .order(order)
                .putShort((short) 14)
                .putShort((short) 8)
                .putLong(seconds)
                .array();
    }

    private void packet(int number, long time, byte[] packet) {
        var body = ByteBuffer.allocate(20 + (packet.length + 3) / 4 * 4).order(order);
        body.putInt(number).putInt((int) (time >>> 32)).putInt((int) time);
        block(6, body.putInt(packet.length).putInt(packet.length).put(packet));
    }

    private void block(int type, ByteBuffer body) {
        int length = 12 + body.capacity();
        file.writeBytes(ByteBuffer.allocate(length)
                .order(order)
                .putInt(type)
                .putInt(length)
                .put(body.clear())
                .putInt(length)
                .array());
    }
}
