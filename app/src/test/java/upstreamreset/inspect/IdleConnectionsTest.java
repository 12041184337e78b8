// SPDX-License-Identifier: Apache-2.0
package upstreamreset.inspect;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import upstreamreset.http1.Rule;
import upstreamreset.tcp.Arrival;
import upstreamreset.tcp.Direction;
import upstreamreset.verdict.Outcome;

/** Who let a connection wait or left it, and whom that accuses: idle time-outs, keep-alive races, and clients that leave. */
class IdleConnectionsTest extends TurnByTurn {
    private static final String TIMED_OUT = "HTTP/1.1 408 Request Timeout\r\nContent-Length: 0\r\n\r\n";

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
}
