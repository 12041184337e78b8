// SPDX-License-Identifier: Apache-2.0
package upstreamreset.inspect;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import upstreamreset.http1.Rule;
import upstreamreset.tcp.Arrival;
import upstreamreset.tcp.Direction;

/** Responses whose request nobody saw, or can read, and what comes before a final response. */
class OrphanResponsesTest extends TurnByTurn {
    @Test
    void theAnswerToARequestThatNobodyCanReadIsJudged() throws Exception {
        read("13-method-with-underscore");
        read("13c-garbage-request-400");
        assertThat(found).extracting(each -> each.judged().request().method()).containsExactly("RPC_IN_DATA", "?");
        assertThat(found).allSatisfy(each -> assertThat(rules(each)).containsOnly(Rule.DUPLICATE_TRANSFER_ENCODING));
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

    /** As a real server of Google's did: the target and the version had grown together. */
    @Test
    void anAnswerWithoutABodyToARequestThatNobodyCanReadIsNotCut() {
        run(
                true,
                new Turn(Direction.TO_SERVER, "HEAD /HTTP/1.1\r\nHost: a\r\n\r\n"),
                new Turn(Direction.TO_CLIENT, "HTTP/1.0 400 Bad Request\r\nContent-Length: 925\r\n\r\n"));
        assertThat(found).singleElement().satisfies(each -> {
            assertThat(each.remarkable()).isFalse();
            assertThat(each.notes())
                    .containsExactly("its request is unknown: if it was HEAD, the response has no body");
        });
    }
}
