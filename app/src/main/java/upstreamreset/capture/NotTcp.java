// SPDX-License-Identifier: Apache-2.0
package upstreamreset.capture;

import java.util.Locale;

/**
 * The kind of a packet without a TCP segment: its name, and whether it may hide HTTP. Kinds with a number in their name
 * are unknown.
 */
enum NotTcp {
    UDP("UDP", false),
    ARP("ARP", false),
    ICMP("ICMP", false),
    IGMP("IGMP", false),
    SCTP("SCTP", false),
    ROUTING("a routing protocol", false),
    DCCP("DCCP", false),
    UDP_LITE("UDP-Lite", false),
    EMPTY_IP("IP without a payload", false),
    LLDP("LLDP", false),
    STP("spanning tree (STP)", false),
    CISCO("a Cisco control protocol (CDP, VTP, DTP)", false),
    LLC("802.2 LLC", false),
    SLOW_PROTOCOLS("LACP", false),
    EAPOL("EAPOL", false),
    PTP("PTP", false),
    OLD_LAN("IPX, AppleTalk or DECnet", false),
    INDUSTRIAL("an industrial or storage protocol on Ethernet", false),
    ETHERNET_CONTROL("Ethernet control and test frames", false),
    PPP_CONTROL("PPP control", false),
    PPPOE_DISCOVERY("PPPoE discovery", false),
    TUNNEL_CONTROL("control messages of a tunnel", false),
    WLAN_CONTROL("802.11 without data", false),
    NOT_A_NETWORK("a bus or radio without IP", false),
    FRAME_WITHOUT_PACKET("records without a packet", false),
    ESP("ESP (IPsec, encrypted)", true),
    WIREGUARD("WireGuard (encrypted)", true),
    OPENVPN("OpenVPN (encrypted)", true),
    MACSEC("MACsec (encrypted)", true),
    WLAN_PROTECTED("802.11 protected (encrypted)", true),
    WLAN_FRAGMENT("802.11 fragments", true),
    PPP_PACKED("PPP compressed, encrypted or in several links", true),
    IPCOMP("IPComp (compressed)", true),
    L2TP("L2TPv3", true),
    CAPWAP("CAPWAP", true),
    MPLS("MPLS with a payload that is neither IP nor Ethernet", true),
    FRAGMENTS("incomplete IP fragments", true),
    CUT("cut within their headers", true),
    DAMAGED("with contradictory headers", true),
    TOO_DEEP("nested in too many tunnels", true),
    MANY("of other, unknown kinds", true),
    ETHER_TYPE("EtherType 0x%04x", true),
    IP_PROTOCOL("IP protocol %d", true),
    PPP_PROTOCOL("PPP protocol 0x%04x", true),
    GRE_PROTOCOL("GRE with protocol 0x%04x", true),
    LINK_TYPE("link type %d", true);

    private final String words;
    private final boolean mayHideHttp;

    NotTcp(String words, boolean mayHideHttp) {
        this.words = words;
        this.mayHideHttp = mayHideHttp;
    }

    /** Whether its name has a number, which tells the kind. */
    boolean numbered() {
        return words.indexOf('%') >= 0;
    }

    /** {@code packets} of it; {@code number} is that of its name. */
    PacketKind kind(int number, long packets) {
        boolean numbered = numbered();
        var named = numbered ? words.formatted(number) : words;
        var id = (numbered ? named : name())
                .toLowerCase(Locale.ROOT)
                .replace('_', '-')
                .replace(' ', '-');
        return new PacketKind(id, named, packets, mayHideHttp);
    }
}
