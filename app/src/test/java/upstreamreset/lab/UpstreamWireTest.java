// SPDX-License-Identifier: Apache-2.0
package upstreamreset.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import upstreamreset.http1.CloseReason;
import upstreamreset.tcp.Direction;
import upstreamreset.tcp.StreamEvent;
import upstreamreset.wire.Bytes;

class UpstreamWireTest {
    private static final String REQUEST = "GET / HTTP/1.1\r\n\r\n";

    private final List<StreamEvent> events = new ArrayList<>();

    @Test
    void onAConnectionThatIsUsedAgainOnlyTheNewResponseCounts() {
        opened(0);
        data(0, Direction.TO_SERVER, REQUEST);
        data(0, Direction.TO_CLIENT, response("one"));
        int mark = events.size();
        data(0, Direction.TO_SERVER, REQUEST);
        data(0, Direction.TO_CLIENT, response("three"));

        var wire = wire(mark);

        assertThat(wire.sent().latin1()).isEqualTo(response("three"));
        assertThat(wire.response().body().latin1()).isEqualTo("three");
        assertThat(wire.calls()).isEqualTo(1);
        assertThat(wire.closedBy()).isEqualTo("nobody");
        assertThat(wire.settled()).isTrue();
    }

    @Test
    void ofSeveralCallsTheLastCounts() {
        opened(0);
        data(0, Direction.TO_SERVER, REQUEST);
        data(0, Direction.TO_CLIENT, "SSH-2.0\r\n");
        events.add(new StreamEvent.Reset(0, now(), Direction.TO_SERVER));
        opened(1);
        data(1, Direction.TO_SERVER, REQUEST);
        events.add(new StreamEvent.Fin(1, now(), Direction.TO_CLIENT));

        var wire = wire(0);

        assertThat(wire.calls()).isEqualTo(2);
        assertThat(wire.sent()).isEqualTo(Bytes.EMPTY);
        assertThat(wire.closedBy()).isEqualTo("server FIN");
        assertThat(wire.response().closedBy()).isEqualTo(CloseReason.FIN);
    }

    @Test
    void theEndOfAnOlderConnectionIsNoCall() {
        opened(0);
        data(0, Direction.TO_SERVER, REQUEST);
        int mark = events.size();
        events.add(new StreamEvent.Fin(0, now(), Direction.TO_SERVER));

        assertThat(wire(mark)).isEqualTo(UpstreamWire.NONE);
    }

    @Test
    void whereNoHttp1RequestCameAllThatWasSentOnTheLastConnectionCounts() {
        opened(0);
        data(0, Direction.TO_CLIENT, "first");
        opened(1);
        data(1, Direction.TO_SERVER, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
        data(1, Direction.TO_CLIENT, "frames");
        events.add(new StreamEvent.Fin(1, now(), Direction.TO_SERVER));

        var wire = wire(0);

        assertThat(wire.sent().latin1()).isEqualTo("frames");
        assertThat(wire.closedBy()).isEqualTo("client FIN");
        assertThat(wire.calls()).isZero();
        assertThat(wire.inspected()).isEmpty();
    }

    private UpstreamWire wire(int mark) {
        return UpstreamWire.of("GET", events, mark, "1.40.0");
    }

    private static String response(String body) {
        return "HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s".formatted(body.length(), body);
    }

    private void opened(int stream) {
        var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 8080);
        events.add(new StreamEvent.Opened(stream, now(), address, address));
    }

    private void data(int stream, Direction direction, String bytes) {
        events.add(new StreamEvent.Data(stream, now(), direction, Bytes.latin1(bytes)));
    }

    private Instant now() {
        return Instant.parse("2026-11-22T20:00:00Z").plusSeconds(events.size());
    }
}
