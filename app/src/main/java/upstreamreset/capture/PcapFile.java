// SPDX-License-Identifier: Apache-2.0
package upstreamreset.capture;

import java.io.IOException;
import java.util.Optional;

/** Reads the packets of a pcap file (draft-ietf-opsawg-pcap), of microseconds or nanoseconds, in either byte order. */
final class PcapFile {
    static final int MICROSECONDS = 0xA1B2C3D4;
    static final int NANOSECONDS = 0xA1B23C4D;

    private static final int FILE_HEADER = 24;
    private static final int RECORD_HEADER = 16;

    private final CaptureInput in;
    private final PacketDecoder decoder;
    private ByteOrderReader order = new ByteOrderReader(false);
    private int unit;
    private int linkType;

    PcapFile(CaptureInput in, PacketDecoder decoder) {
        this.in = in;
        this.decoder = decoder;
    }

    /** Answers why it stopped before the end, if it did. */
    Optional<String> read() throws IOException {
        if (!in.has(FILE_HEADER)) {
            return Optional.of("the file ends within its header: %d of 24 bytes".formatted(in.available()));
        }
        boolean big = isMagic(ByteOrderReader.be32(in.window(), in.at()));
        order = new ByteOrderReader(big);
        unit = order.i32(in.window(), in.at()) == NANOSECONDS ? 1 : 1_000;
        linkType = order.i32(in.window(), in.at() + 20) & 0xFFFF;
        in.skip(FILE_HEADER);
        while (in.has(RECORD_HEADER) && !nextCaptureBegins()) {
            var stopped = packet();
            if (stopped.isPresent()) {
                return stopped;
            }
        }
        return in.available() == 0 || in.has(RECORD_HEADER)
                ? Optional.empty()
                : Optional.of("the file ends within the header of packet " + (decoder.packets() + 1));
    }

    /**
     * Whether another capture was appended here: {@code cat} joins two files so. As a packet's time its first bytes would be
     * in the future or long past, and what follows them would be no fraction of a second.
     */
    private boolean nextCaptureBegins() {
        int start = ByteOrderReader.be32(in.window(), in.at());
        if (start == PcapngFile.SECTION_HEADER) {
            int mark = ByteOrderReader.be32(in.window(), in.at() + 8);
            return mark == PcapngFile.BYTE_ORDER_MAGIC || Integer.reverseBytes(mark) == PcapngFile.BYTE_ORDER_MAGIC;
        }
        boolean big = isMagic(start);
        var other = new ByteOrderReader(big);
        return (big || isMagic(Integer.reverseBytes(start)))
                && other.u16(in.window(), in.at() + 4) == 2
                && other.u16(in.window(), in.at() + 6) == 4;
    }

    /** A method, so that the JVM compiles it: the loop around it is entered once. */
    private Optional<String> packet() throws IOException {
        var bytes = in.window();
        int at = in.at();
        long captured = order.u32(bytes, at + 8);
        if (captured > CaptureReader.MAX_PACKET) {
            return Optional.of(
                    "packet %d (at byte %d) claims %d bytes, more than any packet can have: the rest is not read"
                            .formatted(decoder.packets() + 1, in.offset(), captured));
        }
        int length = (int) captured;
        long original = order.u32(bytes, at + 12);
        long nanos = order.u32(bytes, at) * 1_000_000_000L + order.u32(bytes, at + 4) * unit;
        if (!in.has(RECORD_HEADER + length)) {
            return Optional.of("the file ends within packet %d: %d of its %d bytes are there"
                    .formatted(decoder.packets() + 1, in.available() - RECORD_HEADER, length));
        }
        decoder.packet(nanos, linkType, in.window(), in.at() + RECORD_HEADER, length, original);
        in.skip(RECORD_HEADER + length);
        return Optional.empty();
    }

    /** Whether a file that begins so, read in one of the two orders, is a pcap file. */
    static boolean isMagic(int magic) {
        return magic == MICROSECONDS || magic == NANOSECONDS;
    }
}
