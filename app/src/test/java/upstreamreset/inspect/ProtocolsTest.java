// SPDX-License-Identifier: Apache-2.0
package upstreamreset.inspect;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import upstreamreset.http1.Rule;
import upstreamreset.protocol.Conversations;
import upstreamreset.tcp.Arrival;
import upstreamreset.tcp.Direction;
import upstreamreset.verdict.Outcome;

/** Connections that are not, or not at once, HTTP/1: what is judged, and what is only counted. */
class ProtocolsTest extends TurnByTurn {
    private static final String WRONG =
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n";
    private static final int ROUNDS = 2_000;

    private static final String[][] PREAMBLES = {
        {"PROXY TCP4 10.0.0.1 10.0.0.2 1 2\r\n"},
        {"\r\n\r\n\u0000\r\nQUIT\n!\u0011\u0000\u000cabcdefghijkl"},
        {"\u0004\u0001\u0000P\n\u0000\u0000\u0001me\u0000", "\u0000ZPPPPPP"},
        {
            "\u0005\u0001\u0000",
            "\u0005\u0000",
            "\u0005\u0001\u0000\u0003\u0001a\u0000P",
            "\u0005\u0000\u0000\u0001abcd\u0000P"
        },
        {"CONNECT a:80 HTTP/1.1\r\nHost: a:80\r\n\r\n", "HTTP/1.1 200 Connection established\r\n\r\n"},
    };

    @Test
    void whatIsNoHttpIsCountedByName() throws Exception {
        read("10-smtp");
        read("12-rtsp");
        assertThat(found).isEmpty();
        assertThat(inspection.totals().protocols()).containsOnlyKeys("RTSP", "SMTP");
    }

    @Test
    void anotherProtocolToAServerOfHttp1IsAFindingBesideThoseOfTheAnswer() throws Exception {
        read("13f-tls-to-plain-port");
        read("25-http2-preface-to-http1-server");
        assertThat(found).hasSize(2);
        assertThat(rules(found.getFirst()))
                .containsExactly(
                        Rule.TLS_TO_PLAIN_PORT, Rule.DUPLICATE_TRANSFER_ENCODING, Rule.DUPLICATE_TRANSFER_ENCODING);
        assertThat(rules(found.getLast()))
                .containsExactly(
                        Rule.HTTP2_TO_HTTP1_PORT, Rule.DUPLICATE_TRANSFER_ENCODING, Rule.DUPLICATE_TRANSFER_ENCODING);
        assertThat(found).allSatisfy(each -> {
            assertThat(each.judged().findings().getFirst().offset()).isZero();
            assertThat(each.judged().findings().getLast().offset()).isEqualTo(54);
            assertThat(each.judged().envoy().outcome()).isEqualTo(Outcome.RESETS_BEFORE);
        });
        assertThat(inspection.totals().protocols()).isEmpty();
    }

    @Test
    void anAnswerWithoutAFaultSaysTooThatItsPortIsMisnamed() {
        inspection = new Inspection("1.40.0", false, found::add);
        run(
                true,
                new Turn(Direction.TO_SERVER, "\u0016\u0003\u0001\u0000\u0005\u0001\u0000\u0000\u0001\u0000"),
                new Turn(Direction.TO_CLIENT, RIGHT.replace("200 OK", "400 Bad Request")));
        assertThat(found)
                .singleElement()
                .satisfies(each -> assertThat(rules(each)).containsExactly(Rule.TLS_TO_PLAIN_PORT));
    }

    @Test
    void httpToAServerOfTlsOrHttp2IsAFinding() {
        run(
                true,
                new Turn(Direction.TO_SERVER, "GET / HTTP/1.1\r\nHost: a\r\n\r\n"),
                new Turn(Direction.TO_CLIENT, "\u0015\u0003\u0003\u0000\u0002\u0002F"));
        run(
                true,
                new Turn(Direction.TO_SERVER, "GET / HTTP/1.1\r\nHost: a\r\n\r\n"),
                new Turn(Direction.TO_CLIENT, "\u0000\u0000\u0000\u0004\u0000\u0000\u0000\u0000\u0000"));
        assertThat(found).hasSize(2);
        assertThat(rules(found.getFirst())).containsExactly(Rule.SPEAKS_TLS);
        assertThat(rules(found.getLast())).containsExactly(Rule.SPEAKS_HTTP2);
    }

    @Test
    void aPreambleIsLookedThrough() throws Exception {
        read("21b-proxy-protocol-v2");
        assertThat(found).extracting(each -> each.judged().request().target()).containsExactly("/1", "/2");
        assertThat(found).noneMatch(InspectedResponse::remarkable);
    }

    /** An answer of Modbus reads as an empty frame. */
    @Test
    void zerosAreNoFramesOfHttp2() {
        var answer = "\u0000\u0000\u0000\u0000\u0000\u0003\n\u0088\u000b";
        for (boolean fromItsStart : List.of(true, false)) {
            run(
                    fromItsStart,
                    new Turn(Direction.TO_SERVER, "\u0000\u0000\u0000\u0000\u0000\u0006\n\b\u0000\u0004\u0000\u0000"),
                    new Turn(Direction.TO_CLIENT, answer),
                    new Turn(Direction.TO_CLIENT, answer));
            assertThat(found).isEmpty();
        }
    }

    @Test
    void whatIsMissingOfAnotherProtocolHidesNoHttp() {
        for (var hello : List.of("\u0016\u0003\u0001\u0000\u0005\u0001\u0000\u0000\u0001\u0000", "\u0001unknown")) {
            var stream = inspection.opened(0, 0, true, ENDPOINTS);
            say(stream, new Turn(Direction.TO_SERVER, hello));
            say(stream, new Turn(Direction.TO_CLIENT, "\u0016\u0003\u0003\u0000\u0005\u0002\u0000\u0000\u0001\u0000"));
            stream.gap(Direction.TO_CLIENT, 1_000, Arrival.at(2));
            stream.end();
            assertThat(inspection.totals().of("TLS")).isEqualTo(1);
            assertThat(inspection.totals().inPart()).isEqualTo(hello.startsWith("\u0016") ? 0 : 1);
        }
    }

    /** The request is not in the capture, so that the 101 is understood when the next segment comes. */
    @Test
    void framesBehindAnUpgradeThatWasUnderstoodLateAreNotUnexpected() {
        run(
                false,
                new Turn(
                        Direction.TO_CLIENT,
                        "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n"
                                + "\u0000\u0000\u0000\u0004\u0000\u0000\u0000\u0000\u0000"),
                new Turn(Direction.TO_CLIENT, "\u0000\u0000\u0001\u0001\u0005\u0000\u0000\u0000\u0001\u0088"));
        assertThat(found).noneMatch(InspectedResponse::remarkable);
    }

    @Test
    void anUpgradeToH2cIsNoSurplus() {
        run(
                true,
                new Turn(Direction.TO_SERVER, "GET / HTTP/1.1\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n"),
                new Turn(
                        Direction.TO_CLIENT,
                        "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n"),
                new Turn(Direction.TO_CLIENT, "\u0000\u0000\u0000\u0004\u0000\u0000\u0000\u0000\u0000"));
        assertThat(found).hasSize(2);
        assertThat(rules(found.getFirst())).isEmpty();
        assertThat(rules(found.getLast())).containsExactly(Rule.STREAM_UNFINISHED);
    }

    @Test
    void http2BehindAnUpgradeIsNoMisnamedPort() {
        run(
                true,
                new Turn(Direction.TO_SERVER, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
                new Turn(Direction.TO_CLIENT, "HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\n\r\n"));
        assertThat(found).isEmpty();
        assertThat(inspection.totals().of("HTTP/2")).isEqualTo(1);
    }

    /** Seeded: each in random segments, of both sides or of one, seen from the start or not. */
    @Test
    void noOtherProtocolEverHasAFinding() {
        var random = new Random(17);
        for (int round = 0; round < ROUNDS; round++) {
            for (var conversation : Conversations.all()) {
                var turns = new ArrayList<Turn>();
                int side = random.nextInt(4);
                for (int i = 0; i < conversation.turns().size(); i++) {
                    var direction =
                            (i % 2 == 0) == conversation.serverFirst() ? Direction.TO_CLIENT : Direction.TO_SERVER;
                    if (side > 1 || side == index(direction)) {
                        turns.addAll(segments(
                                random, new Turn(direction, conversation.turns().get(i))));
                    }
                }
                boolean fromItsStart =
                        random.nextInt(4) > 0 || conversation.name().equals("ICAP");
                if (conversation.name().equals("ICAP") && side < 2) {
                    continue; // of one side it is HTTP that nobody can tell from HTTP
                }
                run(fromItsStart, turns.toArray(new Turn[0]));
                assertThat(found).as("round %d: %s", round, conversation).isEmpty();
            }
        }
    }

    /** Seeded: preambles, several in a row, in random segments. */
    @Test
    void behindPreamblesHttpIsJudgedAsWithoutThem() {
        var random = new Random(18);
        for (int round = 0; round < ROUNDS; round++) {
            var turns = new ArrayList<Turn>();
            int before = 0;
            int connects = 0;
            for (int layers = random.nextInt(4); layers > 0; layers--) {
                int which = random.nextInt(PREAMBLES.length);
                for (int i = 0; i < PREAMBLES[which].length; i++) {
                    var direction = i % 2 == 0 ? Direction.TO_SERVER : Direction.TO_CLIENT;
                    turns.addAll(segments(random, new Turn(direction, PREAMBLES[which][i])));
                    before += i % 2 == 0 ? 0 : PREAMBLES[which][i].length();
                }
                connects += which == PREAMBLES.length - 1 ? 1 : 0;
            }
            for (var response : List.of(RIGHT, WRONG, RIGHT)) {
                turns.addAll(segments(random, new Turn(Direction.TO_SERVER, "GET /a HTTP/1.1\r\nHost: a\r\n\r\n")));
                turns.addAll(segments(random, new Turn(Direction.TO_CLIENT, response)));
            }
            found.clear();
            run(true, turns.toArray(new Turn[0]));
            var of = found.stream()
                    .filter(each -> !each.judged().request().method().equals("CONNECT"))
                    .toList();
            assertThat(of).as("round %d: %s", round, turns).hasSize(3);
            assertThat(found).hasSize(3 + connects);
            assertThat(of.get(1).judged().findings().getFirst().offset()).isEqualTo(before + RIGHT.length() + 17L);
            assertThat(found).filteredOn(InspectedResponse::remarkable).containsExactly(of.get(1));
        }
    }

    private static List<Turn> segments(Random random, Turn turn) {
        var segments = new ArrayList<Turn>();
        int at = 0;
        while (at < turn.text().length()) {
            int end = random.nextBoolean()
                    ? turn.text().length()
                    : at + 1 + random.nextInt(turn.text().length() - at);
            segments.add(new Turn(turn.direction(), turn.text().substring(at, end)));
            at = end;
        }
        return segments;
    }
}
