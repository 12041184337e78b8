// SPDX-License-Identifier: Apache-2.0
package upstreamreset.inspect;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import upstreamreset.http1.Rule;
import upstreamreset.tcp.Arrival;
import upstreamreset.tcp.Direction;
import upstreamreset.tcp.Endpoints;
import upstreamreset.tcp.StreamListener;
import upstreamreset.verdict.Finding;

/** A connection of HTTP/2 for tests: frames as Latin-1 text, and an inspection that reads them. */
final class Http2Wire {
    static final String PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
    static final String SETTINGS = frame(4, 0, 0, "");
    static final String ACK = frame(4, 1, 0, "");
    /** As Envoy begins: it takes no push. */
    static final String CLIENT = PREFACE + frame(4, 0, 0, "\0\2\0\0\0\0");

    static final Endpoints ENDPOINTS = Endpoints.of(
            new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 40_000),
            new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 8080));

    final List<InspectedResponse> found = new ArrayList<>();
    final Inspection inspection;
    private final StreamListener stream;
    private final long[] sent = new long[2];
    private long now = 1_000_000_000L;

    Http2Wire() {
        this(true);
    }

    Http2Wire(boolean fromItsStart) {
        this("1.40.0", fromItsStart);
    }

    Http2Wire(String envoy) {
        this(envoy, true);
    }

    private Http2Wire(String envoy, boolean fromItsStart) {
        inspection = new Inspection(envoy, true, found::add);
        stream = inspection.opened(0, 0, fromItsStart, ENDPOINTS);
    }

    /** {@code payload} one byte a character. */
    static String frame(int type, int flags, int stream, String payload) {
        int length = payload.length();
        return "" + (char) (length >> 16) + (char) (length >> 8 & 0xff) + (char) (length & 0xff) + (char) type
                + (char) flags + (char) (stream >>> 24) + (char) (stream >> 16 & 0xff) + (char) (stream >> 8 & 0xff)
                + (char) (stream & 0xff) + payload;
    }

    static String request(int stream) {
        return frame(1, 0x5, stream, "\u0082\u0086\u0084" + literal(":authority", "a"));
    }

    /** A field that enters no table. */
    static String literal(String name, String value) {
        return "\0" + (char) name.length() + name + (char) value.length() + value;
    }

    /** A field that enters the table. */
    static String indexed(String name, String value) {
        return "\100" + literal(name, value).substring(1);
    }

    static String response(int stream, String body) {
        return frame(1, 0x4, stream, "\u0088") + frame(0, 0x1, stream, body);
    }

    Http2Wire client(String text) {
        return say(Direction.TO_SERVER, text);
    }

    Http2Wire server(String text) {
        return say(Direction.TO_CLIENT, text);
    }

    /** In random segments. */
    Http2Wire server(String text, Random random) {
        int at = 0;
        while (at < text.length()) {
            int end = at + 1 + random.nextInt(text.length() - at);
            server(text.substring(at, end));
            at = end;
        }
        return this;
    }

    private Http2Wire say(Direction direction, String text) {
        var bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        stream.data(direction, bytes, 0, bytes.length, arrival(direction));
        sent[index(direction)] += bytes.length;
        return this;
    }

    Http2Wire gap(Direction direction, int length) {
        stream.gap(direction, length, arrival(direction));
        sent[index(direction)] += length;
        return this;
    }

    Http2Wire fin(Direction direction) {
        stream.fin(direction, arrival(direction));
        return this;
    }

    Http2Wire reset(Direction direction) {
        stream.reset(direction, arrival(direction));
        return this;
    }

    List<InspectedResponse> end() {
        stream.end();
        return found;
    }

    long held() {
        return stream.held();
    }

    private static int index(Direction direction) {
        return direction == Direction.TO_SERVER ? 0 : 1;
    }

    private Arrival arrival(Direction direction) {
        return Arrival.at(now++, 0, sent[index(direction)], sent[1 - index(direction)]);
    }

    static List<Rule> rules(InspectedResponse response) {
        return response.judged().findings().stream().map(Finding::rule).toList();
    }
}
