// SPDX-License-Identifier: Apache-2.0
package upstreamreset.inspect;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import upstreamreset.http1.Rule;
import upstreamreset.tcp.Arrival;
import upstreamreset.tcp.Direction;
import upstreamreset.tcp.Endpoints;
import upstreamreset.tcp.StreamListener;
import upstreamreset.verdict.Finding;

/** What both sides of connections say, turn by turn, and what an inspection finds in it; for tests. */
abstract class TurnByTurn {
    static final String RIGHT = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nOK";
    static final Endpoints ENDPOINTS = Endpoints.of(
            new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 40_000),
            new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 8080));

    final List<InspectedResponse> found = new ArrayList<>();
    Inspection inspection = new Inspection("1.40.0", true, found::add);

    /** What one side says, in a segment or several. */
    record Turn(Direction direction, String text) {}

    void run(boolean fromItsStart, Turn... turns) {
        var stream = inspection.opened(0, 0, fromItsStart, ENDPOINTS);
        long[] sent = new long[2];
        long now = 1_000_000_000L;
        for (var turn : turns) {
            var bytes = turn.text().getBytes(ISO_8859_1);
            int sender = index(turn.direction());
            stream.data(turn.direction(), bytes, 0, bytes.length, Arrival.at(now++, 0, sent[sender], sent[1 - sender]));
            sent[sender] += bytes.length;
        }
        stream.fin(Direction.TO_CLIENT, Arrival.at(now, 0, sent[index(Direction.TO_CLIENT)], Arrival.UNKNOWN));
        stream.fin(Direction.TO_SERVER, Arrival.at(now, 0, sent[index(Direction.TO_SERVER)], Arrival.UNKNOWN));
        stream.end();
    }

    static void say(StreamListener stream, Turn turn) {
        var bytes = turn.text().getBytes(ISO_8859_1);
        stream.data(turn.direction(), bytes, 0, bytes.length, Arrival.at(1));
    }

    static void data(StreamListener stream, Direction direction, String text, Arrival arrival) {
        var bytes = text.getBytes(ISO_8859_1);
        stream.data(direction, bytes, 0, bytes.length, arrival);
    }

    static int index(Direction direction) {
        return direction == Direction.TO_SERVER ? 0 : 1;
    }

    static List<Rule> rules(InspectedResponse response) {
        return response.judged().findings().stream().map(Finding::rule).toList();
    }

    void read(String name) throws IOException {
        CaseCaptures.read(name + ".pcap", inspection);
    }
}
