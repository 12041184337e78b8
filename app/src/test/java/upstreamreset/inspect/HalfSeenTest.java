// SPDX-License-Identifier: Apache-2.0
package upstreamreset.inspect;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import upstreamreset.http1.Rule;
import upstreamreset.tcp.Arrival;
import upstreamreset.tcp.Direction;
import upstreamreset.tcp.Endpoints;
import upstreamreset.tcp.StreamListener;
import upstreamreset.verdict.Finding;

/** Connections of which a capture shows a part: one side, the middle, or not in the order of what happened. */
class HalfSeenTest {
    private static final String ASK = "GET /wrong HTTP/1.1\r\nHost: a\r\n\r\n";
    private static final String WRONG =
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: Chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n";
    private static final String RIGHT = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nOK";

    private final List<InspectedResponse> found = new ArrayList<>();
    private final Inspection inspection = new Inspection("1.40.0", true, found::add);
    private final Endpoints endpoints = Endpoints.of(
            new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 40_000),
            new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 8080));
    private StreamListener stream = inspection.opened(0, 0, true, endpoints);
    private long now = 1_000_000_000L;
    private long byClient;
    private long byServer;

    @Test
    void onlyTheServersSideIsEnough() {
        server(RIGHT);
        server(WRONG);
        server(RIGHT);
        stream.end();
        assertThat(found).extracting(each -> each.judged().status()).containsExactly(200, 200, 200);
        assertThat(found)
                .filteredOn(InspectedResponse::remarkable)
                .singleElement()
                .satisfies(each -> {
                    assertThat(each.judged().findings().getFirst().rule()).isEqualTo(Rule.DUPLICATE_TRANSFER_ENCODING);
                    assertThat(each.offset()).isEqualTo(RIGHT.length());
                    assertThat(each.judged().findings().getFirst().offset()).isEqualTo(RIGHT.length() + 17);
                });
    }

    @Test
    void aResponseThatWasCapturedBeforeItsRequestIsStillItsResponse() {
        stream.data(Direction.TO_CLIENT, WRONG.getBytes(ISO_8859_1), 0, 30, Arrival.at(now));
        client(ASK);
        byServer = 30;
        server(WRONG.substring(30));
        stream.end();
        assertThat(found).singleElement().satisfies(each -> {
            assertThat(each.judged().request().target()).isEqualTo("/wrong");
            assertThat(each.judged().findings().getFirst().offset()).isEqualTo(17);
        });
    }

    @Test
    void bytesBehindAResponseThatCameBeforeTheNextRequestAreItsSurplus() {
        client(ASK);
        server(RIGHT);
        server("!!");
        client(ASK);
        server(RIGHT);
        stream.end();
        assertThat(found).hasSize(2);
        assertThat(found.getFirst().judged().findings())
                .extracting(Finding::rule)
                .containsExactly(Rule.BYTES_AFTER_END);
        assertThat(found.getLast().judged().findings()).isEmpty();
    }

    @Test
    void theMiddleOfAConnectionIsReadFromItsNextResponseOn() {
        open(1, false);
        server("end of a body");
        client(ASK);
        server(WRONG);
        stream.end();
        assertThat(found).singleElement().satisfies(each -> {
            assertThat(each.judged().request().target()).isEqualTo("/wrong");
            assertThat(each.offset()).isEqualTo("end of a body".length());
        });
    }

    @Test
    void lostBytesOfABodyLoseOnlyThatResponse() {
        client(ASK);
        server("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nbegin");
        lost(981);
        server("the rest of it");
        client(ASK.replace("/wrong", "/next"));
        server(WRONG);
        stream.end();
        assertThat(found).extracting(each -> each.judged().request().target()).containsExactly("/wrong", "/next");
        assertThat(found.getFirst().notes())
                .containsExactly("981 bytes of the response are missing from the capture: judged on the rest");
        assertThat(found.getFirst().remarkable()).isFalse();
        assertThat(found.getLast().judged().findings().getFirst().rule()).isEqualTo(Rule.DUPLICATE_TRANSFER_ENCODING);
    }

    @Test
    void whichOfSeveralRequestsIsAnsweredBehindLostResponsesIsNotKnown() {
        client(ASK + ASK.replace("/wrong", "/lost") + ASK.replace("/wrong", "/newest"));
        server("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nbegin");
        lost(1_100);
        server(WRONG);
        stream.end();
        assertThat(found).extracting(each -> each.judged().request().target()).containsExactly("/wrong", "?");
    }

    @Test
    void whatWasNotAnsweredWhenTheCaptureEndedIsCounted() {
        client(ASK + ASK + ASK);
        server(RIGHT);
        stream.end();
        assertThat(inspection.totals().unanswered()).isEqualTo(2);
        assertThat(found).hasSize(1);
    }

    @Test
    void aConnectionThatEndsUnderPipelinedRequestsSaysHowMany() {
        client(ASK + ASK + ASK);
        now += 250_000_000;
        stream.fin(Direction.TO_CLIENT, Arrival.at(now));
        stream.end();
        assertThat(found).singleElement().satisfies(each -> {
            assertThat(each.notes())
                    .containsExactly(
                            "the server ended the connection 0.250000 s after its first request",
                            "2 more requests after it were not answered either");
            assertThat(each.judged().closedBy()).isEqualTo("server FIN");
            assertThat(each.judged().envoy().flags()).isEqualTo("UC");
        });
        assertThat(inspection.totals().unanswered()).isZero();
    }

    @Test
    void whoEndedFirstIsSaidHowTheyDidIt() {
        for (var direction : Direction.values()) {
            open(2, true);
            client(ASK);
            server(RIGHT);
            stream.reset(direction, Arrival.at(now));
            stream.fin(
                    direction == Direction.TO_CLIENT ? Direction.TO_SERVER : Direction.TO_CLIENT, Arrival.at(now + 1));
            stream.end();
            assertThat(found.getLast().judged().closedBy()).isEqualTo(direction.sender() + " RST");
        }
    }

    @Test
    void aMethodThatIsCutByASegmentIsHttpAndAnotherProtocolIsNot() {
        client("G");
        client(ASK.substring(1));
        server(WRONG);
        stream.end();
        assertThat(found).hasSize(1);
        for (var other : List.of("\u0000\u0001binary", "HELLOHELLOHELLOHELLOHELLO", "hello")) {
            open(3, true);
            client(other);
            server("some answer");
            stream.end();
        }
        assertThat(inspection.totals().other()).isEqualTo(3);
        assertThat(found).hasSize(1);
    }

    @Test
    void whatFollowsAnUpgradeIsNoResponse() {
        client(ASK.replace("Host: a", "Connection: upgrade\r\nUpgrade: websocket"));
        server("HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n");
        client("GET /not-a-request HTTP/1.1\r\n\r\n");
        server("\u0081\u0005hello");
        stream.end();
        assertThat(found).singleElement().satisfies(each -> {
            assertThat(each.judged().status()).isEqualTo(101);
            assertThat(each.remarkable()).isFalse();
        });
        assertThat(inspection.totals().unanswered()).isZero();
    }

    private void open(int number, boolean fromItsStart) {
        stream = inspection.opened(number, 0, fromItsStart, endpoints);
        byClient = 0;
        byServer = 0;
    }

    private void client(String text) {
        data(Direction.TO_SERVER, text);
    }

    private void server(String text) {
        data(Direction.TO_CLIENT, text);
    }

    private void data(Direction direction, String text) {
        var bytes = text.getBytes(ISO_8859_1);
        boolean toServer = direction == Direction.TO_SERVER;
        var arrival = Arrival.at(now, 0, toServer ? byClient : byServer, toServer ? byServer : byClient);
        byClient += toServer ? bytes.length : 0;
        byServer += toServer ? 0 : bytes.length;
        stream.data(direction, bytes, 0, bytes.length, arrival);
    }

    /** So many bytes of the server's were not captured. */
    private void lost(int length) {
        stream.gap(Direction.TO_CLIENT, length, Arrival.at(now));
        byServer += length;
    }
}
