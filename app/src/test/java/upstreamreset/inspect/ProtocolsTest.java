// SPDX-License-Identifier: Apache-2.0
package upstreamreset.inspect;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import upstreamreset.http1.Rule;
import upstreamreset.protocol.Conversations;
import upstreamreset.tcp.Arrival;
import upstreamreset.tcp.Direction;
import upstreamreset.tcp.Endpoints;
import upstreamreset.tcp.StreamListener;
import upstreamreset.verdict.Finding;
import upstreamreset.verdict.Outcome;

/** Connections that are not, or not at once, HTTP/1: what is judged, and what is only counted. */
class ProtocolsTest {
    private static final String WRONG =
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n";
    private static final String RIGHT = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nOK";
    private static final int ROUNDS = 2_000;
    private static final Endpoints ENDPOINTS = Endpoints.of(
            new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 40_000),
            new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 8080));

    private final List<InspectedResponse> found = new ArrayList<>();
    private Inspection inspection = new Inspection("1.40.0", true, found::add);

    /** What one side says, in a segment or several. */
    private record Turn(Direction direction, String text) {}

    @Test
    void whatIsNoHttpIsCountedByName() throws Exception {
        read("10-smtp");
        read("12-rtsp");
        assertThat(found).isEmpty();
        assertThat(inspection.totals().protocols()).containsOnlyKeys("RTSP", "SMTP");
    }

    @Test
    void theAnswerToARequestThatNobodyCanReadIsJudged() throws Exception {
        read("13-method-with-underscore");
        read("13c-garbage-request-400");
        assertThat(found).extracting(each -> each.judged().request().method()).containsExactly("RPC_IN_DATA", "?");
        assertThat(found).allSatisfy(each -> assertThat(rules(each)).containsOnly(Rule.DUPLICATE_TRANSFER_ENCODING));
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

    @Test
    void onlyAnIdleConnectionHasAKeepAliveRace() throws Exception {
        read("15-first-request-in-two-segments-then-rst");
        assertThat(found).singleElement().satisfies(each -> {
            assertThat(each.idle()).isEmpty();
            assertThat(each.notes())
                    .containsExactly("the server ended the connection 0.001000 s after its first request");
            assertThat(rules(each)).containsExactly(Rule.NO_RESPONSE);
        });
    }

    @Test
    void theTimeInWhichARequestComesIsNoIdleTime() {
        run(
                true,
                new Turn(Direction.TO_SERVER, "GET /a HTTP/1.1\r\nHost: a\r\n\r\n"),
                new Turn(Direction.TO_CLIENT, RIGHT),
                new Turn(Direction.TO_SERVER, "GET /b HTTP/1.1\r\n"),
                new Turn(Direction.TO_SERVER, "Host: a\r\n"),
                new Turn(Direction.TO_SERVER, "\r\n"));
        assertThat(found.getLast().idle())
                .hasValueSatisfying(idle -> assertThat(idle.toNanos()).isEqualTo(1));
        assertThat(found.getLast().notes().getFirst()).endsWith(", 0.000000 s after the exchange before it");
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
    void aHeadThatNeverEndsDoesNotPass() throws Exception {
        read("20-client-fin-first-head-unended");
        assertThat(found).singleElement().satisfies(each -> {
            assertThat(each.judged().envoy().outcome()).isEqualTo(Outcome.HANGS);
            assertThat(each.judged().envoy().status()).isZero();
            assertThat(rules(each)).containsExactly(Rule.BARE_LF, Rule.BARE_LF, Rule.OBSOLETE_FOLD);
        });
    }

    /** Who left is no proof against the other. */
    @Test
    void aClientThatLeavesInTheMiddleOfAHeadAccusesNobody() {
        var stream = inspection.opened(0, 0, true, ENDPOINTS);
        say(stream, new Turn(Direction.TO_SERVER, "GET / HTTP/1.1\r\nHost: a\r\n\r\n"));
        say(stream, new Turn(Direction.TO_CLIENT, "HTTP/1.1 200 OK\r\nContent-Le"));
        stream.reset(Direction.TO_SERVER, Arrival.at(2));
        stream.end();
        assertThat(found).singleElement().satisfies(each -> {
            assertThat(each.remarkable()).isFalse();
            assertThat(each.judged().envoy().outcome()).isNotEqualTo(Outcome.PASSES);
        });
    }

    @Test
    void anInterimResponseWithFramingFieldsHasItsRule() throws Exception {
        read("23-interim-with-content-length");
        assertThat(found).singleElement().satisfies(each -> {
            assertThat(rules(each)).containsExactly(Rule.CONTENT_LENGTH_FORBIDDEN);
            assertThat(each.judged().findings().getFirst().offset()).isEqualTo(23);
            assertThat(each.judged().envoy().status()).isEqualTo(502);
        });
    }

    @Test
    void anUnaskedResponseOnAnIdleConnectionIsAnIdleTimeOut() throws Exception {
        inspection = new Inspection("1.40.0", false, found::add);
        read("28b-408-on-idle-keepalive");
        assertThat(found).singleElement().satisfies(each -> {
            assertThat(each.judged().status()).isEqualTo(408);
            assertThat(each.remarkable()).isFalse();
            assertThat(each.notes().getFirst())
                    .startsWith("an idle time-out: the connection had been idle for 60.002000 s");
        });
        assertThat(inspection.totals().responses()).isEqualTo(2);
        assertThat(inspection.totals().remarkable()).isZero();
    }

    @Test
    void aSecondResponseAtOnceIsNoIdleTimeOut() {
        run(
                true,
                new Turn(Direction.TO_SERVER, "GET / HTTP/1.1\r\nHost: a\r\n\r\n"),
                new Turn(Direction.TO_CLIENT, RIGHT),
                new Turn(Direction.TO_CLIENT, RIGHT));
        assertThat(found)
                .singleElement()
                .satisfies(each -> assertThat(rules(each)).containsExactly(Rule.BYTES_AFTER_END));
    }

    /** No time-out is that short: whoever leaves so soon has not waited for an answer. */
    @Test
    void aClientThatLeavesAtOnceAccusesNobody() {
        var stream = inspection.opened(0, 0, true, ENDPOINTS);
        say(stream, new Turn(Direction.TO_SERVER, "GET / HTTP/1.1\r\nHost: a\r\n\r\n"));
        stream.reset(Direction.TO_SERVER, Arrival.at(20_000_000));
        stream.end();
        assertThat(found).isEmpty();
        assertThat(inspection.totals().unanswered()).isEqualTo(1);
    }

    @Test
    void aSecondRequestWithoutAVersionIsNotReadAndItsAnswerIsNoSurplus() {
        run(
                true,
                new Turn(Direction.TO_SERVER, "GET /a HTTP/1.1\r\nHost: a\r\n\r\n"),
                new Turn(Direction.TO_CLIENT, RIGHT),
                new Turn(Direction.TO_SERVER, "GET /b\r\n\r\n"),
                new Turn(Direction.TO_CLIENT, RIGHT));
        assertThat(found).extracting(each -> each.judged().request().target()).containsExactly("/a", "?");
        assertThat(found).noneMatch(InspectedResponse::remarkable);
    }

    /** The length that the client's body has not, and the server's answer to what it takes for the next request. */
    @Test
    void anAnswerToBytesThatAreNoRequestIsNoSurplus() {
        run(
                true,
                new Turn(Direction.TO_SERVER, "POST /a HTTP/1.1\r\nHost: a\r\n\r\nname=value\r\n"),
                new Turn(Direction.TO_CLIENT, RIGHT),
                new Turn(Direction.TO_CLIENT, "HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n"));
        assertThat(found).extracting(each -> each.judged().status()).containsExactly(200, 400);
        assertThat(found).noneMatch(InspectedResponse::remarkable);
    }

    @Test
    void aHeadThatIsRefusedBeforeItsEndWaitsForNoOtherAnswer() {
        run(
                true,
                new Turn(Direction.TO_SERVER, "GET /a HTTP/1.1\r\nX: "),
                new Turn(Direction.TO_CLIENT, "HTTP/1.1 431 Too Large\r\nContent-Length: 0\r\n\r\n"),
                new Turn(Direction.TO_SERVER, "x\r\n\r\n"));
        assertThat(found).extracting(each -> each.judged().status()).containsExactly(431);
        assertThat(found).noneMatch(InspectedResponse::remarkable);
    }

    @Test
    void whatFollowsAResponseWithoutARequestIsItsSurplus() {
        run(true, new Turn(Direction.TO_CLIENT, RIGHT + "\n"), new Turn(Direction.TO_CLIENT, RIGHT));
        assertThat(found).hasSize(2);
        assertThat(rules(found.getFirst())).containsExactly(Rule.BYTES_AFTER_END);
        assertThat(found.getLast().remarkable()).isFalse();
        found.clear();
        run(true, new Turn(Direction.TO_CLIENT, RIGHT + "and much more\r\n"));
        assertThat(found)
                .singleElement()
                .satisfies(each -> assertThat(rules(each)).containsExactly(Rule.BYTES_AFTER_END));
    }

    @Test
    void answersToHeadWithoutTheirRequestsAreNotReadAsBodies() {
        var head = "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n";
        for (boolean all : List.of(true, false)) {
            found.clear();
            inspection = new Inspection("1.40.0", all, found::add);
            run(
                    true,
                    new Turn(Direction.TO_CLIENT, head),
                    new Turn(Direction.TO_CLIENT, head),
                    new Turn(Direction.TO_CLIENT, RIGHT));
            assertThat(inspection.totals().responses()).isEqualTo(3);
            assertThat(found).noneMatch(InspectedResponse::remarkable);
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

    /** The client had it before it asked, so it answers nothing. */
    @Test
    void aResponseBeforeAnyRequestIsAResponseWithoutOne() {
        var stream = inspection.opened(0, 0, true, ENDPOINTS);
        var early = RIGHT.getBytes(ISO_8859_1);
        var ask = "GET / HTTP/1.1\r\nHost: a\r\n\r\n".getBytes(ISO_8859_1);
        stream.data(Direction.TO_CLIENT, early, 0, early.length, Arrival.at(1, 0, 0, 0));
        stream.data(Direction.TO_SERVER, ask, 0, ask.length, Arrival.at(2, 0, 0, early.length));
        stream.data(Direction.TO_CLIENT, early, 0, early.length, Arrival.at(3, 0, early.length, ask.length));
        stream.end();
        assertThat(found).extracting(each -> each.judged().request().target()).containsExactly("?", "/");
        assertThat(found).noneMatch(InspectedResponse::remarkable);
    }

    private static final String TIMED_OUT = "HTTP/1.1 408 Request Timeout\r\nContent-Length: 0\r\n\r\n";

    @Test
    void a408OnAConnectionThatNeverAskedIsAnIdleTimeOut() {
        run(true, new Turn(Direction.TO_CLIENT, TIMED_OUT));
        assertThat(found)
                .singleElement()
                .satisfies(each -> assertThat(each.notes())
                        .containsExactly(
                                "an idle time-out: no request had come, and the server ended it with this response"));
        assertThat(inspection.totals().other()).isZero();
    }

    @Test
    void a408ToAPartOfARequestAnswersThat() {
        run(true, new Turn(Direction.TO_SERVER, "GET / HT"), new Turn(Direction.TO_CLIENT, TIMED_OUT));
        assertThat(found)
                .singleElement()
                .satisfies(each -> assertThat(each.unasked()).isFalse());
        assertThat(inspection.totals().other()).isZero();
    }

    /** The server had not received the request when it gave up waiting for one. */
    @Test
    void aRequestThatCrossesAn408IsAKeepAliveRace() {
        var ask = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
        for (boolean received : List.of(true, false)) {
            found.clear();
            var stream = inspection.opened(0, 0, true, ENDPOINTS);
            long second = 1_000_000_000L;
            data(stream, Direction.TO_SERVER, ask, Arrival.at(second, 0, 0, 0));
            data(stream, Direction.TO_CLIENT, RIGHT, Arrival.at(second, 0, 0, ask.length()));
            data(stream, Direction.TO_CLIENT, TIMED_OUT, Arrival.at(61 * second, 0, RIGHT.length(), ask.length()));
            int told = RIGHT.length() + (received ? TIMED_OUT.length() : 0);
            data(stream, Direction.TO_SERVER, ask, Arrival.at(61 * second + 1, 0, ask.length(), told));
            stream.fin(Direction.TO_CLIENT, Arrival.at(61 * second + 2));
            stream.end();
            assertThat(found).extracting(each -> each.judged().status()).containsExactly(200, 408, 0);
            assertThat(found.get(1).unasked()).isTrue();
            assertThat(found.getLast().notes().getFirst())
                    .startsWith("a keep-alive race: the connection had been idle for 60.000000 s");
        }
    }

    @Test
    void aConnectionThatWasInUseHasNoKeepAliveRace() {
        var ask = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
        run(
                true,
                new Turn(Direction.TO_SERVER, ask),
                new Turn(Direction.TO_CLIENT, RIGHT),
                new Turn(Direction.TO_SERVER, ask));
        assertThat(found.getLast().notes().getFirst())
                .startsWith("the server ended the connection 0.000000 s after the request");
    }

    private static void data(StreamListener stream, Direction direction, String text, Arrival arrival) {
        var bytes = text.getBytes(ISO_8859_1);
        stream.data(direction, bytes, 0, bytes.length, arrival);
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
    void aTunnelThatTheClientEndsIsNoFinding() {
        var stream = inspection.opened(0, 0, true, ENDPOINTS);
        say(
                stream,
                new Turn(Direction.TO_SERVER, "GET / HTTP/1.1\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n"));
        say(
                stream,
                new Turn(
                        Direction.TO_CLIENT,
                        "HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n"));
        stream.fin(Direction.TO_SERVER, Arrival.at(2));
        stream.fin(Direction.TO_CLIENT, Arrival.at(3));
        stream.end();
        assertThat(found).singleElement().satisfies(each -> {
            assertThat(each.remarkable()).isFalse();
            assertThat(each.notes()).isEmpty();
        });
    }

    /** Its server may still answer, when the capture is over. */
    @Test
    void aClientThatOnlySendsNoMoreIsNotAlreadyGivingUp() {
        var stream = inspection.opened(0, 0, true, ENDPOINTS);
        say(stream, new Turn(Direction.TO_SERVER, "GET / HTTP/1.1\r\nHost: a\r\n\r\n"));
        stream.fin(Direction.TO_SERVER, Arrival.at(500_000_000));
        stream.end();
        assertThat(found).isEmpty();
        assertThat(inspection.totals().unanswered()).isEqualTo(1);
    }

    /** As a real server of Google's did: the target and the version had grown together. */
    @Test
    void anAnswerWithoutABodyToARequestThatNobodyCanReadIsNotCut() {
        run(
                true,
                new Turn(Direction.TO_SERVER, "HEAD /HTTP/1.1\r\nHost: a\r\n\r\n"),
                new Turn(Direction.TO_CLIENT, "HTTP/1.0 400 Bad Request\r\nContent-Length: 925\r\n\r\n"));
        assertThat(found).singleElement().satisfies(each -> {
            assertThat(each.remarkable()).isFalse();
            assertThat(each.notes()).containsExactly("its request is not known: if it was HEAD, no body belongs to it");
        });
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

    private void run(boolean fromItsStart, Turn... turns) {
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

    private static void say(StreamListener stream, Turn turn) {
        var bytes = turn.text().getBytes(ISO_8859_1);
        stream.data(turn.direction(), bytes, 0, bytes.length, Arrival.at(1));
    }

    private static int index(Direction direction) {
        return direction == Direction.TO_SERVER ? 0 : 1;
    }

    private static List<Rule> rules(InspectedResponse response) {
        return response.judged().findings().stream().map(Finding::rule).toList();
    }

    private void read(String name) throws IOException {
        CaseCaptures.read(name + ".pcap", inspection);
    }
}
