// SPDX-License-Identifier: Apache-2.0
package upstreamreset.protocol;

import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** Recognises protocols whose first bytes are text. */
final class TextProtocols {
    /** The first bytes of a server, and its protocol's name; earlier entries take precedence. */
    private static final String[][] SERVER = {
        {"SSH-", "SSH"},
        {"RTSP/", "RTSP"},
        {"SIP/2.0 ", "SIP"},
        {"ICAP/1.", "ICAP"},
        {"GNUTELLA", "Gnutella"},
        {"ICY ", "Shoutcast"},
        {"+OK", "POP3"},
        {"* OK", "IMAP"},
        {"* PREAUTH", "IMAP"},
        {"* BYE", "IMAP"},
        {"INFO {", "NATS"},
        {"RFB 00", "VNC"},
        {"@RSYNCD:", "rsync"},
        {"AMQP", "AMQP"},
        {"OK MPD ", "MPD"},
        {"NOTICE AUTH", "IRC"},
        {"CONNECTED\n", "STOMP"},
        {"CONNECTED\r\n", "STOMP"},
        {"<stream:stream", "XMPP"},
        {"MSRP ", "MSRP"},
        {"Asterisk Call Manager", "Asterisk Manager"},
        {"\u0013BitTorrent protocol", "BitTorrent"},
        {"$Lock ", "Direct Connect"},
        {"( success ( ", "Subversion"},
        {"-ERR ", "POP3 or Redis"},
    };

    /** The first bytes of a client, and its protocol's name. */
    private static final String[][] CLIENT = {
        {"SSH-", "SSH"},
        {"EHLO ", "SMTP"},
        {"HELO ", "SMTP"},
        {"LHLO ", "LMTP"},
        {"STARTTLS\r", "SMTP"},
        {"GNUTELLA", "Gnutella"},
        {"\u0013BitTorrent protocol", "BitTorrent"},
        {"AMQP\u0000", "AMQP"},
        {"CONNECT {", "NATS"},
        {"CONNECT\n", "STOMP"},
        {"CONNECT\r\n", "STOMP"},
        {"STOMP\n", "STOMP"},
        {"STOMP\r\n", "STOMP"},
        {"@RSYNCD:", "rsync"},
        {"RFB 00", "VNC"},
        {"<stream:stream", "XMPP"},
        {"CAP LS", "IRC"},
        {"NICK ", "IRC"},
        {"USERHOST ", "IRC"},
        {"CAPA\r", "POP3"},
        {"APOP ", "POP3"},
        {"JRMI\u0000", "Java RMI"},
        {"GIOP\u0001", "CORBA"},
        {"MSRP ", "MSRP"},
        {"CNXN\u0000", "ADB"},
        {"HELF", "OPC UA"},
        {"JDWP-Handshake", "JDWP"},
        {"BitTorrent", "BitTorrent"},
        {"Action: ", "Asterisk Manager"},
        {"$Supports ", "Direct Connect"},
    };

    private static final String[] MEMCACHED_COMMANDS = {
        "stats ", "get ", "gets ", "set ", "add ", "replace ", "delete ", "incr ", "mg ", "ms ",
    };

    private static final String[] MEMCACHED_REPLIES = {
        "STAT ",
        "VALUE ",
        "END\r",
        "STORED\r",
        "NOT_STORED\r",
        "NOT_FOUND\r",
        "DELETED\r",
        "EXISTS\r",
        "VERSION ",
        "HD",
        "MN\r",
    };

    /** Redis answers {@code +OK} alone, without a greeting before it. */
    private static final String[] REDIS_COMMANDS = {
        "AUTH ", "SET ", "SELECT ", "CLIENT ", "CONFIG ", "FLUSHALL", "HMSET "
    };

    private TextProtocols() {}

    static String of(FirstBytes client, FirstBytes server) {
        var name = versioned(client.firstLine());
        if (name.isEmpty() && redis(client, server)) {
            name = "Redis";
        }
        if (name.isEmpty()) {
            name = greeting(client, server);
        }
        if (name.isEmpty()) {
            name = begins(server, SERVER);
        }
        if (name.isEmpty()) {
            name = begins(client, CLIENT);
        }
        return name.isEmpty() ? command(client, server) : name;
    }

    private static String begins(FirstBytes bytes, String[][] table) {
        for (var row : table) {
            if (bytes.begins(row[0])) {
                return row[1];
            }
        }
        return "";
    }

    /** Protocols that borrow HTTP's request line say their own version in it. */
    private static String versioned(String line) {
        int space = line.lastIndexOf(' ');
        if (space < 1) {
            return "";
        }
        var version = line.substring(space + 1).toUpperCase(Locale.ROOT);
        if (version.startsWith("RTSP/")) {
            return "RTSP";
        }
        if (version.equals("SIP/2.0")) {
            return "SIP";
        }
        if (version.startsWith("ICAP/1.")) {
            return "ICAP";
        }
        return "";
    }

    /** Servers that greet with a number. */
    private static String greeting(FirstBytes client, FirstBytes server) {
        if (server.begins("200 ") || server.begins("201 ")) {
            var line = server.firstLine().toUpperCase(Locale.ROOT);
            return line.contains("NNTP") || line.contains("NEWS") || line.contains("POSTING") ? "NNTP" : "";
        }
        if (!number(server) || (server.at(0) != '2' && server.at(0) != '4' && server.at(0) != '5')) {
            return "";
        }
        var line = server.firstLine().toUpperCase(Locale.ROOT);
        var asked = client.firstLine().toUpperCase(Locale.ROOT);
        if (asked.startsWith("EHLO") || asked.startsWith("HELO") || line.contains("SMTP")) {
            return "SMTP";
        }
        if (asked.startsWith("LHLO") || line.contains("LMTP")) {
            return "LMTP";
        }
        if (asked.startsWith("USER ") || asked.startsWith("AUTH ") || line.contains("FTP")) {
            return "FTP";
        }
        boolean refused = (server.begins("554") || server.begins("421")) && asked.equals("QUIT");
        return server.begins("220") || refused ? "SMTP or FTP" : "";
    }

    /** Three digits, and a space or a hyphen. */
    private static boolean number(FirstBytes server) {
        for (int i = 0; i < 3; i++) {
            if (server.at(i) < '0' || server.at(i) > '9') {
                return false;
            }
        }
        return server.at(3) == ' ' || server.at(3) == '-';
    }

    /** Short commands, which say little alone. */
    private static String command(FirstBytes client, FirstBytes server) {
        var line = client.firstLine();
        if (client.at(0) == '*' && digits(line, 1)) {
            return "Redis";
        }
        if (xmpp(client)) {
            return "XMPP";
        }
        if (memcached(line, server)) {
            return "Memcached";
        }
        if (line.equals("PING") && (server.begins("PONG") || server.begins("+OK"))) {
            return "NATS";
        }
        if (line.equals("PING") && server.begins("+PONG")) {
            return "Redis";
        }
        if (line.startsWith("PASS ") || line.startsWith("USER ")) {
            return server.at(0) == ':' ? "IRC" : "";
        }
        if (client.length() > 8 && client.has(4, "git-")) {
            return "Git";
        }
        boolean http09 = line.startsWith("GET /") && line.indexOf(' ', 4) < 0 && client.find('\n', 0, 512) >= 0;
        return http09 ? "HTTP/0.9" : "";
    }

    /** Inline commands: answered with what no other protocol of text begins with, or with nothing but {@code +OK}. */
    private static boolean redis(FirstBytes client, FirstBytes server) {
        if (client.at(0) < 'A' || client.at(0) > 'z') {
            return false;
        }
        var answer = server.firstLine();
        if (answer.length() > 1 && (server.at(0) == '$' || server.at(0) == ':')) {
            int sign = server.at(1) == '-' ? 2 : 1;
            return digits(answer, sign);
        }
        var command = client.firstLine();
        boolean known = false;
        for (var each : REDIS_COMMANDS) {
            known |= command.startsWith(each);
        }
        return known && answer.equals("+OK");
    }

    private static boolean xmpp(FirstBytes client) {
        return client.begins("<?xml")
                && new String(client.bytes(), 0, client.length(), StandardCharsets.ISO_8859_1)
                        .contains("<stream:stream");
    }

    private static boolean digits(String line, int from) {
        for (int i = from; i < line.length(); i++) {
            if (line.charAt(i) < '0' || line.charAt(i) > '9') {
                return false;
            }
        }
        return line.length() > from;
    }

    private static boolean memcached(String line, FirstBytes server) {
        boolean asked = line.equals("stats") || line.equals("version") || line.equals("mn");
        for (var command : MEMCACHED_COMMANDS) {
            asked |= line.startsWith(command);
        }
        boolean answer = false;
        for (var reply : MEMCACHED_REPLIES) {
            answer |= server.begins(reply);
        }
        return asked && (answer || server.isEmpty());
    }
}
