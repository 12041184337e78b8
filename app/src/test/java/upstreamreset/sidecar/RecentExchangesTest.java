// SPDX-License-Identifier: Apache-2.0
package upstreamreset.sidecar;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import upstreamreset.http1.Rule;
import upstreamreset.tcp.Direction;
import upstreamreset.tcp.StreamEvent;
import upstreamreset.verdict.Finding;
import upstreamreset.wire.Bytes;

class RecentExchangesTest {
    private static final Instant NOW = Instant.EPOCH;
    private static final String GOOD = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi";
    private static final String BAD = "HTTP/1.1 200 OK\r\nX : y\r\nContent-Length: 0\r\n\r\n";

    private final RecentExchanges recent = new RecentExchanges();

    @Test
    void aRequestFindsItsOwnExchangeOnAConnectionThatIsUsedAgain() {
        open(0);
        exchange(0, "one", BAD);
        exchange(0, "two", GOOD);

        assertThat(rules("one")).containsExactly(Rule.SPACE_BEFORE_COLON);
        assertThat(rules("two")).isEmpty();
    }

    @Test
    void theBytesOfAnExchangeAreItsOwn() {
        open(0);
        exchange(0, "one", BAD);
        exchange(0, "two", GOOD);

        assertThat(seen("two").sent()).isEqualTo(Bytes.latin1(GOOD));
    }

    @Test
    void aBodyThatFollowsAnInterimResponseIsNoRequest() {
        open(0);
        recent.add(data(0, Direction.TO_SERVER, "POST / HTTP/1.1\r\nx-request-id: one\r\nContent-Length: 3\r\n\r\n"));
        recent.add(data(0, Direction.TO_CLIENT, "HTTP/1.1 100 Continue\r\n\r\n"));
        recent.add(data(0, Direction.TO_SERVER, "abc"));
        recent.add(data(0, Direction.TO_CLIENT, GOOD));

        assertThat(seen("one").inspected().judged().status()).isEqualTo(200);
    }

    @Test
    void bytesBeforeTheRequestAreItsAnswer() {
        open(0);
        recent.add(data(0, Direction.TO_CLIENT, "SSH-2.0-OpenSSH_9.2\r\n"));
        recent.add(data(0, Direction.TO_SERVER, request("one")));
        recent.add(new StreamEvent.Fin(0, NOW, Direction.TO_SERVER));

        assertThat(rules("one")).contains(Rule.SPEAKS_SSH);
        assertThat(seen("one").sent()).isEqualTo(Bytes.latin1("SSH-2.0-OpenSSH_9.2\r\n"));
    }

    @Test
    void aLongBodyIsKeptInPart() {
        open(0);
        recent.add(data(0, Direction.TO_SERVER, request("one")));
        recent.add(data(0, Direction.TO_CLIENT, "HTTP/1.1 200 OK\r\nContent-Length: 99999999\r\n\r\n"));
        for (int i = 0; i < 100; i++) {
            recent.add(data(0, Direction.TO_CLIENT, "x".repeat(100_000)));
        }

        var events = recent.find(address(0), "one").orElseThrow().events();

        assertThat(events).hasSizeLessThan(20);
        assertThat(events.getLast()).isInstanceOf(StreamEvent.Gap.class);
    }

    @Test
    void whatIsOldIsForgotten() {
        var few = new RecentExchanges(100_000);
        for (int i = 0; i < 300; i++) {
            open(few, i);
            exchange(few, i, "r" + i, GOOD);
            exchange(few, 0, "again" + i, GOOD);
        }

        assertThat(few.held()).isLessThan(100_000);
        assertThat(few.find(address(1), "r1")).isEmpty();
        assertThat(few.find(address(298), "r298")).isPresent();
        assertThat(few.find(address(0), "again299").orElseThrow().events()).hasSize(3);
    }

    @Test
    void aRequestThatIsForgottenGetsNoOtherResponse() {
        open(0);
        IntStream.range(0, 100).forEach(i -> exchange(0, "number" + i + ".", BAD));

        assertThat(recent.find(address(0), "number0.")).isEmpty();
        assertThat(recent.find(address(0), "number99.")).isPresent();
    }

    /** An app's reset may overtake what Envoy sends. */
    @Test
    void aRequestOfWhichNothingCameGetsNoOtherResponse() {
        open(0);
        exchange(0, "one", GOOD);
        recent.add(new StreamEvent.Reset(0, NOW, Direction.TO_CLIENT));

        var found = recent.find(address(0), "two").orElseThrow();

        assertThat(found.events()).hasSize(1);
        assertThat(SeenResponse.in(found, "two", "1.40.0")).isEmpty();
        assertThat(seen("one").sent()).isEqualTo(Bytes.latin1(GOOD));
    }

    @Test
    void anIdMayComeInTwoReads() {
        open(0);
        exchange(0, "one", BAD);
        recent.add(data(0, Direction.TO_SERVER, "GET / HTTP/1.1\r\nx-request-id: tw"));
        recent.add(data(0, Direction.TO_SERVER, "o\r\n\r\n"));
        recent.add(data(0, Direction.TO_CLIENT, GOOD));

        assertThat(seen("two").sent()).isEqualTo(Bytes.latin1(GOOD));
    }

    @Test
    void oneConnectionHasTheBoundOfAll() {
        var few = new RecentExchanges(100_000);
        open(few, 0);
        IntStream.range(0, 20).forEach(i -> exchange(few, 0, "r" + i + ".", GOOD + "x".repeat(10_000)));

        assertThat(few.held()).isBetween(80_000L, 100_000L);
        assertThat(few.find(address(0), "r0.")).isEmpty();
        assertThat(few.find(address(0), "r19.")).isPresent();
    }

    @Test
    void smallEventsWithoutEndHaveABound() {
        open(0);
        for (int i = 0; i < 50_000; i++) {
            recent.add(data(0, Direction.TO_SERVER, "x"));
            recent.add(data(0, Direction.TO_CLIENT, "y"));
        }

        assertThat(recent.held()).isLessThan(9_000_000);
        assertThat(recent.find(address(0), "").orElseThrow().events()).hasSizeLessThan(50_000);
    }

    @Test
    void allTogetherHasABound() {
        for (int i = 0; i < 200; i++) {
            open(i);
            recent.add(data(i, Direction.TO_SERVER, request("r" + i)));
            recent.add(data(i, Direction.TO_CLIENT, "HTTP/1.1 200 OK\r\n\r\n" + "x".repeat(1_000_000)));
        }

        assertThat(recent.held()).isBetween(50_000_000L, 65L << 20);
        assertThat(recent.find(address(0), "r0")).isEmpty();
        assertThat(recent.find(address(199), "r199")).isPresent();
    }

    private List<Rule> rules(String id) {
        return seen(id).inspected().judged().findings().stream()
                .map(Finding::rule)
                .toList();
    }

    private SeenResponse seen(String id) {
        return SeenResponse.in(recent.find(address(0), id).orElseThrow(), id, "1.40.0")
                .orElseThrow();
    }

    private void open(int stream) {
        open(recent, stream);
    }

    private static void open(RecentExchanges recent, int stream) {
        recent.add(new StreamEvent.Opened(stream, NOW, address(stream), address(9_999)));
    }

    private void exchange(int stream, String id, String response) {
        exchange(recent, stream, id, response);
    }

    private static void exchange(RecentExchanges recent, int stream, String id, String response) {
        recent.add(data(stream, Direction.TO_SERVER, request(id)));
        recent.add(data(stream, Direction.TO_CLIENT, response));
    }

    private static String request(String id) {
        return "GET / HTTP/1.1\r\nhost: x\r\nx-request-id: " + id + "\r\n\r\n";
    }

    private static StreamEvent data(int stream, Direction direction, String text) {
        return new StreamEvent.Data(stream, NOW, direction, Bytes.latin1(text));
    }

    private static InetSocketAddress address(int port) {
        return new InetSocketAddress(InetAddress.ofLiteral("127.0.0.6"), 10_000 + port);
    }
}
