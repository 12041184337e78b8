// SPDX-License-Identifier: Apache-2.0
package upstreamreset.protocol;

/** Recognises protocols whose first bytes are numbers: by lengths and codes that agree with each other. */
final class BinaryProtocols {
    private BinaryProtocols() {}

    static String of(FirstBytes client, FirstBytes server) {
        if (tls(client) || sslv2(client) || (client.isEmpty() && tls(server))) {
            return "TLS";
        }
        var name = byServer(server);
        if (name.isEmpty()) {
            name = database(client, server);
        }
        if (name.isEmpty()) {
            name = messaging(client, server);
        }
        return name.isEmpty() ? other(client, server) : name;
    }

    /** A record of TLS 1.3 or before (RFC 8446 §5.1). */
    static boolean tls(FirstBytes bytes) {
        return bytes.at(0) >= 0x14
                && bytes.at(0) <= 0x17
                && bytes.at(1) == 3
                && bytes.at(2) >= 0
                && bytes.at(2) <= 4
                && (bytes.length() < 5 || (bytes.u16(3) > 0 && bytes.u16(3) <= (1 << 14) + 2048));
    }

    /** A handshake record that begins with a ClientHello (RFC 8446 §4.1.2), or as much of it as has come. */
    static boolean clientHello(FirstBytes client) {
        return client.at(0) == 0x16 && tls(client) && (client.length() < 6 || client.at(5) == 1);
    }

    /** The first message of clients before TLS 1.0 (RFC 5246, appendix E.2). */
    private static boolean sslv2(FirstBytes client) {
        return client.at(0) >> 7 == 1
                && client.at(2) == 1
                && (client.u16(3) == 0x0002 || (client.at(3) == 3 && client.at(4) <= 3))
                && client.length() >= 11;
    }

    private static String byServer(FirstBytes server) {
        boolean mysql = server.at(3) == 0
                && server.at(0) > 0
                && server.at(2) == 0
                && ((server.at(4) == 0x0A && server.at(5) >= '0' && server.at(5) <= '9') || server.at(4) == 0xFF);
        if (mysql) {
            return "MySQL";
        }
        return server.at(0) == 0xFF && server.at(1) >= 0xFB && server.at(1) <= 0xFE ? "Telnet" : "";
    }

    private static String database(FirstBytes client, FirstBytes server) {
        long length = client.u32(0);
        long code = client.u32(4);
        if (length >= 8 && length < 10_000 && (code == 0x30000 || (code >= 80877102L && code <= 80877104L))) {
            return "PostgreSQL";
        }
        long little = client.u32Little(0);
        long operation = client.u32Little(12);
        if (little >= 16 && little <= 48_000_000 && (operation == 2010 || (operation >= 2001 && operation <= 2013))) {
            return "MongoDB";
        }
        if (client.at(0) == 0x12
                && client.at(1) == 1
                && client.u16(2) >= 8
                && client.at(6) <= 1
                && client.length() > 8) {
            return "SQL Server";
        }
        boolean cassandra = client.at(0) >= 3
                && client.at(0) <= 5
                && client.at(1) <= 4
                && (client.at(4) == 5 || client.at(4) == 1)
                && client.length() >= 9
                && client.u32(5) < 1_024;
        if (cassandra && client.length() == 9 + client.u32(5)) {
            return "Cassandra";
        }
        boolean oracle = client.u16(0) > 20 && client.u16(0) < 4_096 && client.u16(2) == 0 && client.at(4) == 1;
        if (oracle && client.at(5) == 0 && client.length() >= 8 && server.at(0) != 3) {
            return "Oracle";
        }
        return "";
    }

    private static String messaging(FirstBytes client, FirstBytes server) {
        if (client.at(0) == 0x10 && (client.has(4, "MQTT") || client.has(4, "MQIsdp") || client.has(5, "MQTT"))) {
            return "MQTT";
        }
        if (kafka(client)) {
            return "Kafka";
        }
        if (client.at(0) == 0x80
                && client.length() >= 24
                && client.at(1) <= 0x60
                && client.at(5) == 0
                && client.u32(8) == client.length() - 24L) {
            return "Memcached";
        }
        if (client.u32(0) == 0x80010001L || (client.u16(4) == 0x8001 && client.u32(0) > 8)) {
            return "Thrift";
        }
        return client.at(0) == 4 || client.at(0) == 5 ? socks(client, server) : "";
    }

    /** A request's header: length, API key and version, correlation, client id. */
    private static boolean kafka(FirstBytes client) {
        long length = client.u32(0);
        int id = client.u16(12);
        if (length < 10 || length > 100_000_000 || client.u16(4) > 100 || client.u16(6) > 25 || id < 0) {
            return false;
        }
        if (id == 0xFFFF) {
            return client.u32(8) < 0x10000;
        }
        if (id == 0 || id > 255 || 10L + id > length) {
            return false;
        }
        for (int i = 14; i < Math.min(14 + id, client.length()); i++) {
            if (client.at(i) < ' ' || client.at(i) > '~') {
                return false;
            }
        }
        return true;
    }

    /** Of which no more could be looked through. */
    private static String socks(FirstBytes client, FirstBytes server) {
        boolean four = client.at(0) == 4
                && client.at(1) <= 2
                && client.length() >= 9
                && client.find(0, 8, client.length()) >= 0
                && (server.isEmpty() || server.at(0) == 0);
        boolean five = client.at(0) == 5
                && client.at(1) > 0
                && client.length() >= 2 + client.at(1)
                && client.at(1) < 32
                && (server.isEmpty() || server.at(0) == 5);
        return four || five ? "SOCKS" : "";
    }

    private static String other(FirstBytes client, FirstBytes server) {
        if (ldap(client)) {
            return "LDAP";
        }
        if (dns(client)) {
            return "DNS";
        }
        if (client.at(0) == 3
                && client.at(1) == 0
                && client.u16(2) == client.length()
                && client.at(4) == client.length() - 5) {
            return client.at(5) >> 4 == 0xE ? "RDP, S7 or another over TPKT" : "TPKT";
        }
        boolean rtmp = client.at(0) == 3 && (client.u32(5) == 0 || client.length() >= 1_537);
        if (rtmp && (server.isEmpty() || server.at(0) == 3)) {
            return "RTMP";
        }
        boolean netbios = client.at(0) == 0 && client.at(1) <= 1;
        if (netbios && (client.has(4, "\u00ffSMB") || client.has(4, "\u00feSMB"))) {
            return "SMB";
        }
        if (client.at(0) == 0x81 && client.at(1) == 0 && client.u16(2) == 0x44) {
            return "NetBIOS";
        }
        if (client.at(0) == 5 && client.at(1) <= 1 && client.at(2) == 0x0B && client.at(3) >= 0) {
            return "DCE/RPC";
        }
        if (client.at(0) >> 7 == 1 && client.u32(8) == 0 && client.u32(12) == 2) {
            return "ONC RPC";
        }
        if (modbus(client)) {
            return "Modbus";
        }
        if (client.at(0) == 1 && client.u24(1) == client.length() && client.at(4) >> 7 == 1 && client.length() >= 20) {
            return "Diameter";
        }
        boolean bgp = client.length() >= 19 && client.u32(0) == 0xFFFFFFFFL && client.u32(12) == 0xFFFFFFFFL;
        if (bgp) {
            return "BGP";
        }
        boolean x11 =
                (client.at(0) == 'l' && client.u16(2) == 0x0B00) || (client.at(0) == 'B' && client.u16(2) == 0x000B);
        if (x11 && client.at(1) == 0) {
            return "X11";
        }
        if (client.at(0) == 0xFF && client.at(1) >= 0xFB && client.at(1) <= 0xFE) {
            return "Telnet";
        }
        return client.u16(0) == 0x0564 ? "DNP3" : "";
    }

    /** A message of BER whose id is small, and which asks something (RFC 4511 §4.1.1). */
    private static boolean ldap(FirstBytes client) {
        int at = 2;
        if (client.at(0) != 0x30) {
            return false;
        }
        if (client.at(1) > 0x80) {
            at += client.at(1) & 0x7F;
        }
        if (client.at(at) != 2 || client.at(at + 1) < 1 || client.at(at + 1) > 4) {
            return false;
        }
        int operation = client.at(at + 2 + client.at(at + 1));
        return operation == 0x60 || operation == 0x63 || operation == 0x77 || operation == 0x42;
    }

    /** A query (RFC 1035 §4.2.2). */
    private static boolean dns(FirstBytes client) {
        int length = client.u16(0);
        boolean query = length >= 17 && length + 2 >= client.length() && (client.at(4) & 0xF8) == 0;
        return query
                && client.u16(6) == 1
                && client.u16(8) == 0
                && client.u16(10) == 0
                && client.at(14) <= 63
                && client.at(14) >= 0;
    }

    private static boolean modbus(FirstBytes client) {
        return client.u16(2) == 0
                && client.u16(4) >= 2
                && client.u16(4) <= 254
                && client.length() == client.u16(4) + 6
                && client.at(7) >= 1
                && client.at(7) <= 0x2B;
    }
}
