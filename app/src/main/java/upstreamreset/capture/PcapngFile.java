// SPDX-License-Identifier: Apache-2.0
package upstreamreset.capture;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads the packets of a pcapng file (draft-ietf-opsawg-pcapng): any number of sections and interfaces, either byte order. */
final class PcapngFile {
    static final int SECTION_HEADER = 0x0A0D0D0A;

    static final int BYTE_ORDER_MAGIC = 0x1A2B3C4D;
    static final int INTERFACE_DESCRIPTION = 1;
    private static final int OBSOLETE_PACKET = 2;
    private static final int SIMPLE_PACKET = 3;
    static final int ENHANCED_PACKET = 6;
    private static final int SYSTEMD_JOURNAL = 9;
    static final int OPT_TSRESOL = 9;
    private static final int OPT_TSOFFSET = 14;
    private static final int MIN_BLOCK = 12;

    /** Of a section: what 16 bits can name. */
    static final int MAX_INTERFACES = 1 << 16;

    private final CaptureInput in;
    private final List<Interface> interfaces = new ArrayList<>();
    private ByteOrderReader order = new ByteOrderReader(false);
    private final PacketDecoder decoder;

    PcapngFile(CaptureInput in, PacketDecoder decoder) {
        this.in = in;
        this.decoder = decoder;
    }

    /** {@code snapLength} 0 is none. */
    private record Interface(int linkType, long snapLength, TimestampUnit unit) {}

    /** Answers why it stopped before the end, if it did. */
    Optional<String> read() throws IOException {
        while (in.has(MIN_BLOCK) && !nextCaptureBegins()) {
            var stopped = next();
            if (stopped.isPresent()) {
                return stopped;
            }
        }
        return in.available() == 0 || in.has(MIN_BLOCK)
                ? Optional.empty()
                : Optional.of("the file ends within the header of a block, after packet " + decoder.packets());
    }

    /** Whether a pcap file was appended here; no block has such a type. */
    private boolean nextCaptureBegins() {
        int start = ByteOrderReader.be32(in.window(), in.at());
        return PcapFile.isMagic(start) || PcapFile.isMagic(Integer.reverseBytes(start));
    }

    /** The next block. A method, so that the JVM compiles it: the loop around it is entered once. */
    private Optional<String> next() throws IOException {
        int type = order.i32(in.window(), in.at());
        if (type == SECTION_HEADER) {
            int magic = ByteOrderReader.be32(in.window(), in.at() + 8);
            if (magic != BYTE_ORDER_MAGIC && Integer.reverseBytes(magic) != BYTE_ORDER_MAGIC) {
                return stopped("a section without a byte-order mark begins");
            }
            order = new ByteOrderReader(magic == BYTE_ORDER_MAGIC);
            interfaces.clear();
        }
        long length = order.u32(in.window(), in.at() + 4);
        if (length < MIN_BLOCK || length % 4 != 0) {
            return stopped("a block claims a length of " + length + ", which no block has,");
        }
        boolean packet = type == ENHANCED_PACKET || type == OBSOLETE_PACKET || type == SIMPLE_PACKET;
        if (length > CaptureReader.MAX_PACKET + 4096L && (packet || type == INTERFACE_DESCRIPTION)) {
            return stopped("a block claims a length of " + length + ", more than any packet can have,");
        }
        if (!packet && type != INTERFACE_DESCRIPTION) {
            if (type == SYSTEMD_JOURNAL) {
                decoder.frameWithoutPacket();
            }
            return in.skipFar(length)
                    ? Optional.empty()
                    : Optional.of("the file ends within a block, after packet " + decoder.packets());
        }
        if (!in.has((int) length)) {
            return Optional.of("the file ends within a block, after packet %d: %d of its %d bytes are there"
                    .formatted(decoder.packets(), in.available(), length));
        }
        var problem = block(type, in.at() + 8, in.at() + (int) length - 4);
        in.skip((int) length);
        return problem;
    }

    private Optional<String> block(int type, int at, int end) {
        return switch (type) {
            case INTERFACE_DESCRIPTION -> interfaceDescription(at, end);
            case SIMPLE_PACKET -> simple(at, end);
            default -> packet(type, at, end);
        };
    }

    private Optional<String> interfaceDescription(int at, int end) {
        if (end - at < 8) {
            return Optional.empty();
        }
        if (interfaces.size() == MAX_INTERFACES) {
            return stopped("more than %,d interfaces are described".formatted(MAX_INTERFACES));
        }
        var bytes = in.window();
        int resolution = 6;
        long offset = 0;
        int option = at + 8;
        while (option + 4 <= end) {
            int code = order.u16(bytes, option);
            int length = order.u16(bytes, option + 2);
            if (code == 0 || option + 4 + length > end) {
                break;
            }
            if (code == OPT_TSRESOL && length == 1) {
                resolution = bytes[option + 4] & 0xFF;
            } else if (code == OPT_TSOFFSET && length == 8) {
                offset = order.i64(bytes, option + 4);
            }
            option += 4 + ((length + 3) & ~3);
        }
        var unit = TimestampUnit.of(resolution, offset);
        interfaces.add(new Interface(order.u16(bytes, at), order.u32(bytes, at + 4), unit));
        return Optional.empty();
    }

    private Optional<String> packet(int type, int at, int end) {
        if (end - at < 20) {
            return stopped("a packet block is too short for its header and");
        }
        var bytes = in.window();
        int number = type == OBSOLETE_PACKET ? order.u16(bytes, at) : order.i32(bytes, at);
        long captured = order.u32(bytes, at + 12);
        if (number < 0 || number >= interfaces.size()) {
            return stopped("a packet of an interface that was not described");
        }
        if (captured > end - at - 20) {
            return stopped("a packet claims %d bytes, and its block holds %d; it".formatted(captured, end - at - 20));
        }
        var description = interfaces.get(number);
        long high = order.u32(bytes, at + 4);
        long time = high << 32 | order.u32(bytes, at + 8);
        packet(description, time, at + 20, captured, order.u32(bytes, at + 16));
        return Optional.empty();
    }

    private Optional<String> simple(int at, int end) {
        if (end - at < 4 || interfaces.isEmpty()) {
            return stopped("a simple packet block without an interface");
        }
        var description = interfaces.getFirst();
        long original = order.u32(in.window(), at);
        long captured = Math.min(original, end - at - 4);
        if (description.snapLength() > 0) {
            captured = Math.min(captured, description.snapLength());
        }
        packet(description, 0, at + 4, captured, original);
        return Optional.empty();
    }

    private void packet(Interface description, long time, int at, long captured, long original) {
        long nanos = description.unit().nanos(time);
        decoder.packet(nanos, description.linkType(), in.window(), at, (int) captured, original);
    }

    private Optional<String> stopped(String what) {
        return Optional.of(
                "%s at byte %d, after packet %d: the rest is not read".formatted(what, in.offset(), decoder.packets()));
    }
}
