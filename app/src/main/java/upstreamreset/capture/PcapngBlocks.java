// SPDX-License-Identifier: Apache-2.0
package upstreamreset.capture;

import static upstreamreset.capture.PcapngFile.BYTE_ORDER_MAGIC;
import static upstreamreset.capture.PcapngFile.ENHANCED_PACKET;
import static upstreamreset.capture.PcapngFile.INTERFACE_DESCRIPTION;
import static upstreamreset.capture.PcapngFile.OPT_TSRESOL;
import static upstreamreset.capture.PcapngFile.SECTION_HEADER;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;

/** Writes the three pcapng blocks that a capture needs (draft-ietf-opsawg-pcapng §4.1, §4.2, §4.3), little-endian, one interface. */
record PcapngBlocks(OutputStream out) {
    private static final int OPT_COMMENT = 1;
    private static final int SHB_USERAPPL = 4;
    private static final int IF_NAME = 2;
    private static final int NANOSECONDS = 9;

    private static final byte[] END = new byte[4];

    void section(String application, String comment) throws IOException {
        var body = body(16);
        body.putInt(BYTE_ORDER_MAGIC).putShort((short) 1).putShort((short) 0).putLong(-1);
        block(SECTION_HEADER, body, option(SHB_USERAPPL, application), option(OPT_COMMENT, comment), END);
    }

    void rawInterface(String name, String comment) throws IOException {
        var body = body(8);
        body.putShort((short) LinkLayer.RAW).putShort((short) 0).putInt(0);
        block(
                INTERFACE_DESCRIPTION,
                body,
                option(IF_NAME, name),
                option(OPT_TSRESOL, new byte[] {NANOSECONDS}),
                option(OPT_COMMENT, comment),
                END);
    }

    void packet(Instant time, byte[] packet, String comment) throws IOException {
        long nanos = Math.addExact(Math.multiplyExact(time.getEpochSecond(), 1_000_000_000L), time.getNano());
        var body = body(20 + padded(packet.length));
        body.putInt(0).putInt((int) (nanos >>> 32)).putInt((int) nanos);
        body.putInt(packet.length).putInt(packet.length).put(packet);
        if (comment.isEmpty()) {
            block(ENHANCED_PACKET, body);
        } else {
            block(ENHANCED_PACKET, body, option(OPT_COMMENT, comment), END);
        }
    }

    private void block(int type, ByteBuffer body, byte[]... options) throws IOException {
        int length = 12 + body.capacity();
        for (var option : options) {
            length += option.length;
        }
        var block = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
        block.putInt(type).putInt(length).put(body.rewind());
        for (var option : options) {
            block.put(option);
        }
        out.write(block.putInt(length).array());
    }

    private static byte[] option(int code, String text) {
        return option(code, text.getBytes(StandardCharsets.UTF_8));
    }

    private static byte[] option(int code, byte[] value) {
        var option = ByteBuffer.allocate(4 + padded(value.length)).order(ByteOrder.LITTLE_ENDIAN);
        return option.putShort((short) code)
                .putShort((short) value.length)
                .put(value)
                .array();
    }

    private static int padded(int length) {
        return (length + 3) & ~3;
    }

    private static ByteBuffer body(int length) {
        return ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    }
}
