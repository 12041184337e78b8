// SPDX-License-Identifier: Apache-2.0
package upstreamreset.inspect;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import upstreamreset.tcp.Direction;

/** Where the next request begins behind one whose body the server did not want, and what counts as a connection. */
class RefusedRequestsTest extends TurnByTurn {
    @Test
    void aRefusedRequestHasNoBodyAlthoughItAnnouncedOne() {
        for (var framing : List.of("Content-Length: 5", "Transfer-Encoding: chunked", "Content-Length: 9000")) {
            found.clear();
            run(
                    true,
                    new Turn(
                            Direction.TO_SERVER,
                            "PUT /1 HTTP/1.1\r\nHost: a\r\nExpect: 100-Continue\r\n" + framing + "\r\n\r\n"),
                    new Turn(Direction.TO_CLIENT, "HTTP/1.1 417 Expectation Failed\r\nContent-Length: 0\r\n\r\n"),
                    new Turn(Direction.TO_SERVER, "GET /2 HTTP/1.1\r\nHost: a\r\n\r\n"),
                    new Turn(Direction.TO_CLIENT, RIGHT));
            assertThat(found)
                    .extracting(each -> each.judged().request().target() + " "
                            + each.judged().status())
                    .containsExactly("/1 417", "/2 200");
        }
    }

    @Test
    void aBodyThatComesAfterAllIsTheRefusedRequests() {
        run(
                true,
                new Turn(
                        Direction.TO_SERVER,
                        "PUT /1 HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n"),
                new Turn(Direction.TO_CLIENT, "HTTP/1.1 417 Expectation Failed\r\nContent-Length: 0\r\n\r\n"),
                new Turn(Direction.TO_SERVER, "helloGET /2 HTTP/1.1\r\nHost: a\r\n\r\n"),
                new Turn(Direction.TO_CLIENT, RIGHT));
        assertThat(found).extracting(each -> each.judged().request().target()).containsExactly("/1", "/2");
    }

    @Test
    void aBodyThatWasAskedForMayBeginAsARequest() {
        run(
                true,
                new Turn(
                        Direction.TO_SERVER,
                        "PUT /1 HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 18\r\n\r\n"),
                new Turn(Direction.TO_CLIENT, "HTTP/1.1 100 Continue\r\n\r\n"),
                new Turn(Direction.TO_SERVER, "GET /x HTTP/1.1\r\n\r"),
                new Turn(Direction.TO_CLIENT, RIGHT),
                new Turn(Direction.TO_SERVER, "GET /2 HTTP/1.1\r\nHost: a\r\n\r\n"),
                new Turn(Direction.TO_CLIENT, RIGHT));
        assertThat(found).extracting(each -> each.judged().request().target()).containsExactly("/1", "/2");
    }

    @Test
    void aServerNeedNotSwitchToHttp2() {
        run(
                true,
                new Turn(
                        Direction.TO_SERVER,
                        "GET /1 HTTP/1.1\r\nHost: a\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n\r\n"),
                new Turn(Direction.TO_CLIENT, RIGHT),
                new Turn(Direction.TO_SERVER, "GET /2 HTTP/1.1\r\nHost: a\r\n\r\n"),
                new Turn(Direction.TO_CLIENT, RIGHT));
        assertThat(found).hasSize(2).noneMatch(InspectedResponse::remarkable);
    }

    @Test
    void anAttemptToConnectIsNoConnectionWithoutHttp() throws IOException {
        read("16-challenge-ack-then-syn-again");
        assertThat(inspection.totals().other()).isZero();
        assertThat(found).hasSize(1);
    }
}
