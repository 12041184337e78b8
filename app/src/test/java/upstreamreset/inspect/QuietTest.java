// SPDX-License-Identifier: Apache-2.0
package upstreamreset.inspect;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import upstreamreset.http1.Rule;
import upstreamreset.tcp.Arrival;
import upstreamreset.tcp.Direction;
import upstreamreset.tcp.Endpoints;
import upstreamreset.tcp.StreamListener;

/** What is told of a connection while it is open and nothing comes. */
class QuietTest {
    private static final String ASK = "GET /wrong HTTP/1.1\r\nHost: a\r\n\r\n";
    private static final String WRONG =
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n";
    private static final String RIGHT = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nOK";

    private final List<InspectedResponse> told = new ArrayList<>();
    private final Inspection inspection = new Inspection("1.40.0", false, told::add);
    private final StreamListener stream = inspection.opened(
            0,
            0,
            true,
            Endpoints.of(
                    new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 40_000),
                    new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 8080)));
    private long now = 1_000_000_000L;

    @Test
    void aCompleteResponseIsToldOnceWithoutAnotherEvent() {
        client(ASK);
        server(WRONG);
        assertThat(told).isEmpty();
        stream.quiet();
        stream.quiet();
        assertThat(told).hasSize(1);
        client(ASK);
        server(RIGHT);
        stream.end();
        assertThat(told).hasSize(1);
        assertThat(inspection.totals().responses()).isEqualTo(2);
        assertThat(inspection.totals().remarkable()).isEqualTo(1);
    }

    @Test
    void oneThatIsNotCompleteWaits() {
        client(ASK);
        server(WRONG.substring(0, WRONG.length() - 2));
        stream.quiet();
        assertThat(told).isEmpty();
        server("\r\n");
        stream.quiet();
        assertThat(told).hasSize(1);
    }

    @Test
    void bytesBehindOneThatWasToldAreToldToo() {
        client(ASK);
        server(WRONG);
        stream.quiet();
        server("surplus");
        client(ASK);
        stream.end();
        assertThat(told).hasSize(2);
        assertThat(told.getLast().judged().findings())
                .extracting(each -> each.rule())
                .contains(Rule.BYTES_AFTER_END);
        assertThat(told.getLast().notes()).contains("more of it came after it was reported");
        assertThat(inspection.totals().responses()).isEqualTo(1);
    }

    @Test
    void whatTheServerHasCutOrLeftIsToldWithoutTheClientsEnd() {
        client(ASK);
        server(WRONG.substring(0, 20));
        stream.fin(Direction.TO_CLIENT, Arrival.at(now));
        stream.quiet();
        assertThat(told).hasSize(1);
        client(ASK);
        stream.quiet();
        stream.end();
        assertThat(told).hasSize(2);
        assertThat(told.getLast().judged().status()).isZero();
    }

    /** So Envoy leaves a response that it refuses: it closes, and its kernel resets what the app still sends. */
    @Test
    void oneThatTheClientResetIsToldThoughItIsNotComplete() {
        client(ASK);
        server(WRONG.substring(0, WRONG.length() - 5));
        stream.fin(Direction.TO_SERVER, Arrival.at(now));
        stream.quiet();
        assertThat(told).isEmpty();
        server("0\r\n");
        stream.reset(Direction.TO_SERVER, Arrival.at(now));
        stream.quiet();
        stream.end();
        assertThat(told).hasSize(1);
        assertThat(told.getFirst().notes())
                .contains("the client ended the connection (FIN) before the response was over");
    }

    @Test
    void aResponseOnAnIdleConnectionIsStillAnIdleTimeOut() {
        client(ASK);
        server(WRONG);
        stream.quiet();
        now += 60_000_000_000L;
        server("HTTP/1.1 408 Request Timeout\r\nContent-Length: 0\r\n\r\n");
        stream.fin(Direction.TO_CLIENT, Arrival.at(now));
        stream.quiet();
        assertThat(told).hasSize(2);
        assertThat(told.getLast().unasked()).isTrue();
    }

    private void client(String text) {
        data(Direction.TO_SERVER, text);
    }

    private void server(String text) {
        data(Direction.TO_CLIENT, text);
    }

    private void data(Direction direction, String text) {
        now += 1_000_000L;
        var bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        stream.data(direction, bytes, 0, bytes.length, Arrival.at(now));
    }
}
