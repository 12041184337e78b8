// SPDX-License-Identifier: Apache-2.0
package upstreamreset.capture;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;

/** Layers around an IPv4 packet, from the outermost to the innermost, with a link type that fits. */
public record PacketNest(int linkType, List<Layer> layers) {
    private static final String MACS = "020000000001 020000000002";
    private static final String WLAN = "0000 ffffffffffff ffffffffffff ffffffffffff 0000";

    /** What a layer stands in, and what stands in it. */
    enum Place {
        LINK,
        FRAME,
        TYPE,
        IP
    }

    /** Every one of these holds what its {@code inner} says; {@code hex} is what precedes it; {@code ip} and {@code udp} wrap it. */
    public record Layer(String name, Place outer, Place inner, int linkType, String hex, int ip, int udp) {
        private static Layer link(int linkType, Place inner, String hex) {
            return new Layer("link " + linkType, Place.LINK, inner, linkType, hex, 0, 0);
        }

        private static Layer type(String name, Place inner, String hex) {
            return new Layer(name, Place.TYPE, inner, 0, hex, 0, 0);
        }

        private static Layer ip(String name, Place inner, int protocol, int udp, String hex) {
            return new Layer(name, Place.IP, inner, 0, hex, protocol, udp);
        }

        @Override
        public String toString() {
            return name;
        }
    }

    /** TYPE: the hex ends where an EtherType begins; IP: where an IP header does; FRAME: where an Ethernet frame does. */
    private static final List<Layer> LAYERS = List.of(
            Layer.link(1, Place.FRAME, ""),
            Layer.link(101, Place.IP, ""),
            Layer.link(0, Place.IP, "02000000"),
            Layer.link(108, Place.IP, "00000002"),
            Layer.link(113, Place.TYPE, "0000 0001 0006 000000000000 0000"),
            Layer.link(9, Place.IP, "ff03 0021"),
            Layer.link(50, Place.IP, "ff03 0021"),
            Layer.link(104, Place.TYPE, "0f00"),
            Layer.link(239, Place.IP, "0200 0000 0800 0a00 00000001 ffff 0900"),
            Layer.link(105, Place.TYPE, "0802" + WLAN + "aaaa03 000000"),
            Layer.link(127, Place.TYPE, "0000 0800 00000000 8802" + WLAN + "0000 aaaa03 000000"),
            Layer.link(129, Place.IP, "50be 0608 f0"),
            Layer.link(129, Place.IP, "50be f053 d4 00 016f"),
            Layer.link(129, Place.IP, "50be f053 d4 ff ffff ff 00 0170"),
            Layer.link(192, Place.FRAME, "0000 0800 01000000"),
            new Layer("Ethernet", Place.FRAME, Place.TYPE, 0, MACS, 0, 0),
            Layer.type("IPv4", Place.IP, "0800"),
            Layer.type("VLAN", Place.TYPE, "8100 0064"),
            Layer.type("VLAN ad", Place.TYPE, "88a8 0065"),
            Layer.type("MPLS", Place.IP, "8847 00010040 00011140"),
            Layer.type("MPLS pseudo-wire", Place.FRAME, "8847 00011140 00000000"),
            Layer.type("PPPoE", Place.IP, "8864 1100 0007 0ff0 0021"),
            Layer.ip("IPIP", Place.IP, 4, 0, ""),
            Layer.ip("GRE", Place.TYPE, 47, 0, "0000"),
            Layer.ip("GRE with all", Place.TYPE, 47, 0, "b000"),
            Layer.ip("GRE bridged", Place.FRAME, 47, 0, "2000 6558 00000505"),
            Layer.ip("ERSPAN I", Place.FRAME, 47, 0, "0000 88be"),
            Layer.ip("ERSPAN II", Place.FRAME, 47, 0, "1000 88be 00000001 1000 0001 00000000"),
            Layer.ip("ERSPAN III", Place.FRAME, 47, 0, "1000 22eb 00000001 2000 0001 00000000 0000 0000"),
            Layer.ip("GRE in UDP", Place.TYPE, 17, 4754, "0000"),
            Layer.ip("VXLAN", Place.FRAME, 17, 4789, "08000000 00004200"),
            Layer.ip("Geneve", Place.FRAME, 17, 6081, "0100 6558 00004200 01020300"),
            Layer.ip("GTP-U", Place.IP, 17, 2152, "30ff 0000 00000001"),
            Layer.ip("GTP-U extended", Place.IP, 17, 2152, "34ff 0000 00000001 000000 85 01100900"),
            Layer.ip("AYIYA", Place.IP, 17, 5072, "41521104 4af64bfd" + "00".repeat(16 + 20)),
            Layer.ip("MPLS in UDP", Place.IP, 17, 6635, "00011140"));

    public static PacketNest random(Random random) {
        var layers = new ArrayList<Layer>();
        var place = Place.LINK;
        while (layers.size() < 7 || place != Place.IP) {
            var wanted = place;
            var choice = LAYERS.stream()
                    .filter(each -> each.outer == wanted && (layers.size() < 7 || each.ip == 0))
                    .toList();
            if (wanted == Place.IP && random.nextInt(3) == 0) {
                break;
            }
            var layer = layers.size() > 6 && wanted == Place.TYPE
                    ? choice.getFirst()
                    : choice.get(random.nextInt(choice.size()));
            layers.add(layer);
            place = layer.inner;
        }
        return new PacketNest(layers.getFirst().linkType, List.copyOf(layers));
    }

    /** The same with this link type. */
    public static PacketNest random(Random random, int linkType) {
        var nest = random(random);
        while (nest.linkType != linkType) {
            nest = random(random);
        }
        return nest;
    }

    /** IPv4 on Ethernet. */
    public static PacketNest plain() {
        return new PacketNest(
                1,
                LAYERS.stream()
                        .filter(each ->
                                each.name.equals("link 1") || each.name.equals("Ethernet") || each.name.equals("IPv4"))
                        .toList());
    }

    byte[] file(List<byte[]> packets) {
        return CaptureFiles.pcap(wrapped(packets), ByteOrder.LITTLE_ENDIAN, false, linkType, 65_535);
    }

    List<byte[]> wrapped(List<byte[]> packets) {
        return packets.stream().map(this::wrapped).toList();
    }

    public byte[] wrapped(byte[] packet) {
        var bytes = packet;
        for (var layer : layers.reversed()) {
            bytes = behind(header(layer, bytes.length), bytes);
            if (layer.udp > 0) {
                var udp = ByteBuffer.allocate(8).putShort((short) 50_000).putShort((short) layer.udp);
                bytes = behind(udp.putShort((short) (8 + bytes.length)).array(), bytes);
            }
            if (layer.ip > 0) {
                var ip = ByteBuffer.allocate(20).putShort((short) 0x4500).putShort((short) (20 + bytes.length));
                ip.putInt(0x00000000).put((byte) 64).put((byte) layer.ip).putShort((short) 0);
                bytes = behind(ip.putInt(0xC0A80001).putInt(0xC0A80002).array(), bytes);
            }
        }
        return bytes;
    }

    /** With the lengths that it has. */
    private static byte[] header(Layer layer, int payload) {
        var header = HexFormat.of().parseHex(layer.hex.replace(" ", ""));
        var buffer = ByteBuffer.wrap(header);
        if (layer.name.equals("PPPoE")) {
            buffer.putShort(6, (short) (payload + 2));
        } else if (layer.name.startsWith("GTP-U")) {
            buffer.putShort(2, (short) (payload + header.length - 8));
        } else if (layer.linkType == 239) {
            buffer.order(ByteOrder.LITTLE_ENDIAN).putShort(header.length - 4, (short) (payload + 4));
        } else if (layer.name.equals("GRE with all")) {
            // The EtherType stands before the options, and behind them is what it names.
            return header;
        }
        return header;
    }

    private static byte[] behind(byte[] header, byte[] payload) {
        boolean options = header.length == 2 && header[0] == (byte) 0xB0;
        var all = ByteBuffer.allocate(header.length + payload.length + (options ? 12 : 0))
                .put(header);
        return options
                ? all.put(payload, 0, 2)
                        .putInt(0)
                        .putInt(0x77)
                        .putInt(1)
                        .put(payload, 2, payload.length - 2)
                        .array()
                : all.put(payload).array();
    }

    /** Of an IPv4 packet with a header of 20 bytes. */
    static byte[] fragment(byte[] packet, int from, int to, boolean more) {
        var fragment = ByteBuffer.allocate(20 + to - from).put(packet, 0, 20).put(packet, from, to - from);
        fragment.putShort(2, (short) fragment.capacity()).putShort(6, (short) ((from - 20) / 8 | (more ? 0x2000 : 0)));
        return fragment.array();
    }

    @Override
    public String toString() {
        return layers.stream().map(Layer::toString).collect(Collectors.joining(" > "));
    }
}
