// SPDX-License-Identifier: Apache-2.0
package upstreamreset.protocol;

import java.util.List;

/** How conversations in protocols other than HTTP begin, as their specifications and common programs write them. */
public final class Conversations {
    /** One of them: turns of the client and the server, the one that begins first. */
    public record Conversation(String name, boolean serverFirst, List<String> turns) {
        public Conversation {
            turns = List.copyOf(turns);
        }

        FirstBytes client() {
            return side(serverFirst ? 1 : 0);
        }

        FirstBytes server() {
            return side(serverFirst ? 0 : 1);
        }

        private FirstBytes side(int first) {
            var all = new StringBuilder();
            for (int i = first; i < turns.size(); i += 2) {
                all.append(turns.get(i));
            }
            return FirstBytes.of(all.toString());
        }
    }

    private Conversations() {}

    private static Conversation server(String name, String... turns) {
        return new Conversation(name, true, List.of(turns));
    }

    private static Conversation client(String name, String... turns) {
        return new Conversation(name, false, List.of(turns));
    }

    /** All of them. */
    public static List<Conversation> all() {
        return List.of(
                server("SMTP", "220 mail.example ESMTP Postfix\r\n", "EHLO me.example\r\n", "250 mail.example\r\n"),
                server("SMTP", "220-one\r\n220 two\r\n", "HELO me\r\n", "250 ok\r\n"),
                server("FTP", "220 (vsFTPd 3.0.3)\r\n", "USER anonymous\r\n", "331 Password?\r\n"),
                server("FTP", "220 FTP ready\r\n", "AUTH TLS\r\n", "234 go on\r\n"),
                server("LMTP", "220 lmtp LMTP\r\n", "LHLO me\r\n", "250 ok\r\n"),
                server("POP3", "+OK ready\r\n", "USER a\r\n", "+OK\r\n"),
                server("IMAP", "* OK [CAPABILITY IMAP4rev1] ready\r\n", "a1 LOGIN a b\r\n", "a1 OK\r\n"),
                server("NNTP", "200 news.example NNTP server ready\r\n", "MODE READER\r\n", "200 ok\r\n"),
                server("SSH", "SSH-2.0-OpenSSH_9.6\r\n", "SSH-2.0-Go\r\n"),
                client("SSH", "SSH-2.0-libssh\r\n", "SSH-2.0-OpenSSH_9.6\r\n"),
                server("NATS", "INFO {\"server_id\":\"A\"}\r\n", "CONNECT {\"verbose\":false}\r\nPING\r\n", "PONG\r\n"),
                server(
                        "MySQL",
                        "J\u0000\u0000\u0000\n8.0.36\u0000\b\u0000\u0000\u0000abcdefgh\u0000\u00ff\u00f7",
                        " \u0000\u0000\u0001\u0085"),
                server("VNC", "RFB 003.008\n", "RFB 003.008\n", "\u0001\u0001"),
                server("rsync", "@RSYNCD: 31.0\n", "@RSYNCD: 31.0\n"),
                server("Telnet", "\u00ff\u00fb\u0001\u00ff\u00fb\u0003", "\u00ff\u00fd\u0001", "login: "),
                client("Redis", "AUTH secret\r\n", "+OK\r\n"),
                client("Redis", "GET a\r\n", "$1\r\nb\r\n"),
                client("Redis", "DEL a\r\n", ":1\r\n"),
                client(
                        "Cassandra",
                        "\u0004\u0000\u0000\u0000\u0001\u0000\u0000\u0000\u0016\u0000\u0001\u0000\u000bCQL_VERSION\u0000\u00053.0.0",
                        "\u0084\u0000\u0000\u0000\u0002\u0000\u0000\u0000\u0000"),
                client(
                        "SIP",
                        "\r\n\r\nREGISTER sip:b SIP/2.0\r\nContent-Length: 0\r\n\r\n",
                        "SIP/2.0 401 Unauthorized\r\n\r\n"),
                server("SMTP or FTP", "554 5.7.1 blocked\r\n", "QUIT\r\n"),
                server("IRC", "NOTICE AUTH :*** Looking up your hostname\r\n", "NICK a\r\nUSER a 0 * :a\r\n"),
                client("IRC", "CAP LS 302\r\nNICK a\r\nUSER a 0 * :a\r\n", ":irc.example 001 a :Welcome\r\n"),
                client("XMPP", "<?xml version='1.0'?><stream:stream to='a'>", "<?xml version='1.0'?><stream:stream>"),
                client(
                        "RTSP",
                        "OPTIONS rtsp://example.org/ RTSP/1.0\r\nCSeq: 1\r\n\r\n",
                        "RTSP/1.0 200 OK\r\nCSeq: 1\r\nTransfer-Encoding: a\r\nTransfer-Encoding: b\r\n\r\n"),
                client(
                        "SIP",
                        "REGISTER sip:example.org SIP/2.0\r\nVia: SIP/2.0/TCP a\r\n\r\n",
                        "SIP/2.0 200 OK\r\nContent-Length: x\r\n\r\n"),
                client(
                        "ICAP",
                        "REQMOD icap://a/reqmod ICAP/1.0\r\nHost: a\r\n\r\nGET / HTTP/1.1\r\nHost: b\r\n\r\n",
                        "ICAP/1.0 200 OK\r\nEncapsulated: res-hdr=0\r\n\r\n",
                        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n"),
                client("Gnutella", "GNUTELLA CONNECT/0.6\r\nUser-Agent: a\r\n\r\n", "GNUTELLA/0.6 200 OK\r\n\r\n"),
                client(
                        "BitTorrent",
                        "\u0013BitTorrent protocol\u0000\u0000\u0000\u0000\u0000\u0010\u0000\u0005",
                        "\u0013BitTorrent protocol\u0000"),
                client("Redis", "*1\r\n$4\r\nPING\r\n", "+PONG\r\n"),
                client("Redis", "PING\r\n", "+PONG\r\n"),
                client("Memcached", "get a\r\n", "VALUE a 0 1\r\n1\r\nEND\r\n"),
                client(
                        "Memcached",
                        "\u0080\u000b\u0000\u0000\u0000\u0000\u0000\u0000\u0000\u0000\u0000\u0000\u0000\u0000\u0000\u0001\u0000\u0000\u0000\u0000\u0000\u0000\u0000\u0000",
                        "\u0081\u000b"),
                client("STOMP", "CONNECT\naccept-version:1.2\n\n\u0000", "CONNECTED\nversion:1.2\n\n\u0000"),
                client(
                        "AMQP",
                        "AMQP\u0000\u0000\t\u0001",
                        "\u0001\u0000\u0000\u0000\u0000\u0001\u00f0\u0000\n\u0000\n"),
                client(
                        "MQTT",
                        "\u0010\u0010\u0000\u0004MQTT\u0004\u0002\u0000<\u0000\u0004abcd",
                        " \u0002\u0000\u0000"),
                client(
                        "Kafka",
                        "\u0000\u0000\u0000\u0016\u0000\u0012\u0000\u0003\u0000\u0000\u0000\u0001\u0000\bproducer\u0000\u0000\u0000\u0000",
                        "\u0000\u0000\u0001\u0000\u0000\u0000\u0000\u0001"),
                client(
                        "PostgreSQL",
                        "\u0000\u0000\u0000\b\u0004\u00d2\u0016/",
                        "N",
                        "\u0000\u0000\u0000\u0010\u0000\u0003\u0000\u0000user\u0000a\u0000\u0000"),
                client(
                        "PostgreSQL",
                        "\u0000\u0000\u0000\u0010\u0000\u0003\u0000\u0000user\u0000a\u0000\u0000",
                        "R\u0000\u0000\u0000\b\u0000\u0000\u0000\u0000"),
                client(
                        "MongoDB",
                        ":\u0000\u0000\u0000\u0001\u0000\u0000\u0000\u0000\u0000\u0000\u0000\u00dd\u0007\u0000\u0000\u0000",
                        "x\u0000\u0000\u0000\u0002\u0000\u0000\u0000\u0001"),
                client(
                        "SQL Server",
                        "\u0012\u0001\u0000/\u0000\u0000\u0001\u0000\u0000\u0000\u001a\u0000\u0006",
                        "\u0004\u0001\u0000+"),
                client(
                        "Cassandra",
                        "\u0004\u0000\u0000\u0000\u0005\u0000\u0000\u0000\u0000",
                        "\u0084\u0000\u0000\u0000\u0006"),
                client(
                        "LDAP",
                        "0\f\u0002\u0001\u0001`\u0007\u0002\u0001\u0003\u0004\u0000\u0080\u0000",
                        "0\f\u0002\u0001\u0001a"),
                client(
                        "DNS",
                        "\u0000\u001d\u0000\u0001\u0001\u0000\u0000\u0001\u0000\u0000\u0000\u0000\u0000\u0000\u0007example\u0003com\u0000\u0000\u0001\u0000\u0001",
                        "\u0000-\u0000\u0001\u0081\u0080"),
                client(
                        "RDP, S7 or another over TPKT",
                        "\u0003\u0000\u0000\u0013\u000e\u00e0\u0000\u0000\u0000\u0000\u0000\u0001\u0000\b\u0000\u000b\u0000\u0000\u0000",
                        "\u0003\u0000\u0000\u0013\u000e\u00d0"),
                client(
                        "RTMP",
                        "\u0003\u0000\u0000\u0000\u0001\u0000\u0000\u0000\u0000abcdefgh",
                        "\u0003\u0000\u0000\u0000\u0001"),
                client("SMB", "\u0000\u0000\u0000T\u00feSMB@\u0000\u0000\u0000", "\u0000\u0000\u0000T\u00feSMB@\u0000"),
                client(
                        "Modbus",
                        "\u0000\u0001\u0000\u0000\u0000\u0006\u0001\u0003\u0000\u0000\u0000\u0001",
                        "\u0000\u0001\u0000\u0000\u0000\u0005\u0001\u0003\u0002\u0000\u0007"),
                client("Git", "0032git-upload-pack /a\u0000host=b\u0000", "00a0"),
                client("HTTP/0.9", "GET /health\r\n", "OK"),
                client(
                        "TLS",
                        "\u0016\u0003\u0001\u0000\u0005\u0001\u0000\u0000\u0001\u0000",
                        "\u0016\u0003\u0003\u0000\u0005\u0002\u0000\u0000\u0001\u0000"),
                client(
                        "TLS",
                        "\u0016\u0003\u0001\u0000\u0005\u0001\u0000\u0000\u0001\u0000",
                        "\u0015\u0003\u0003\u0000\u0002\u0002F"),
                client("SOCKS", "\u0005\u0001\u0000", "\u0005\u00ff"),
                client(
                        "SOCKS",
                        "\u0004\u0001\u0000P\n\u0000\u0000\u0001\u0000",
                        "\u0000[\u0000\u0000\u0000\u0000\u0000\u0000"),
                client("", "\u0001\u0099\u0088wbinary, known to nobody", "\u0001\u0002an answer in it"),
                client("", "HELLO WORLD\r\n", "hello yourself\r\n"),
                server("", "some greeting\n", "some answer\n"));
    }
}
