// SPDX-License-Identifier: Apache-2.0
package upstreamreset.inspect;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import upstreamreset.capture.CaptureReader;
import upstreamreset.capture.CaptureWriter;
import upstreamreset.http1.Rule;
import upstreamreset.tcp.Arrival;
import upstreamreset.tcp.Direction;
import upstreamreset.tcp.Endpoints;
import upstreamreset.tcp.StreamAssembler;
import upstreamreset.tcp.StreamEvent;
import upstreamreset.tcp.StreamEvent.Data;
import upstreamreset.tcp.StreamEvent.Fin;
import upstreamreset.tcp.StreamEvent.Opened;
import upstreamreset.tcp.StreamEvent.Reset;
import upstreamreset.verdict.Finding;
import upstreamreset.verdict.JudgedResponse;
import upstreamreset.verdict.Outcome;
import upstreamreset.wire.Bytes;

class InspectionTest {
    private static final Instant START = Instant.parse("2026-11-22T20:00:00Z");
    private static final String ASK = "GET /wrong HTTP/1.1\r\nHost: a\r\nX-Request-Id: id-1\r\n\r\n";
    private static final String WRONG =
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: Chunked\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nOK\r\n0\r\n\r\n";
    private static final String RIGHT = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nOK";

    private final List<StreamEvent> events = new ArrayList<>(List.of(new Opened(
            0,
            START,
            new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 40_000),
            new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 8080))));
    private Instant now = START;

    @Test
    void aWrongResponseIsPairedAndJudged() throws Exception {
        client(ASK);
        server(WRONG);
        fin(Direction.TO_CLIENT);
        var found = inspect();
        assertThat(found).hasSize(1);
        var judged = found.getFirst().judged();
        assertThat(judged.request())
                .isEqualTo(new JudgedResponse.Request("GET", "/wrong", java.util.Optional.of("id-1")));
        assertThat(judged.status()).isEqualTo(200);
        assertThat(judged.findings()).extracting(Finding::rule).contains(Rule.DUPLICATE_TRANSFER_ENCODING);
        assertThat(judged.findings().getFirst().offset()).isEqualTo(17);
        assertThat(judged.envoy().flags()).isEqualTo("UPE");
        assertThat(judged.closedBy()).isEqualTo("server FIN");
        assertThat(judged.stream()).hasValue("0");
    }

    @Test
    void aRequestWithALongHeadIsKnownByTargetAndId() throws Exception {
        client("GET /long HTTP/1.1\r\nCookie: " + "c".repeat(3_000) + "\r\nX-Request-Id:  id-2 \r\n\r\n");
        server(WRONG);
        assertThat(inspect().getFirst().judged().request())
                .isEqualTo(new JudgedResponse.Request("GET", "/long", java.util.Optional.of("id-2")));
    }

    @Test
    void whatOnlyEnvoysLimitsRefuseIsNamed() throws Exception {
        var wide = "X: " + "x".repeat(81 * 1024) + "\r\n";
        for (var refused : List.of(
                Map.entry(Rule.TOO_MANY_FIELDS, "Set-Cookie: a=b\r\n".repeat(101)),
                Map.entry(Rule.HEAD_TOO_LARGE, wide))) {
            client(ASK);
            server(RIGHT);
            client(ASK);
            server("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n" + refused.getValue() + "\r\n");
            assertThat(inspect().getLast().judged().findings()).singleElement().satisfies(finding -> {
                assertThat(finding.rule()).isEqualTo(refused.getKey());
                assertThat(finding.offset()).isEqualTo(RIGHT.length());
                assertThat(finding.cause()).isNotEmpty();
                assertThat(finding.fix()).isNotEmpty();
            });
            events.subList(1, events.size()).clear();
        }
    }

    @Test
    void whatEnvoyRefusesComesBeforeWhatItTakes() throws Exception {
        client(ASK);
        server("HTTP/1.1 200 OK\nX : a\nContent-Length: 0\n\n");
        assertThat(inspect().getFirst().judged().findings())
                .extracting(Finding::rule)
                .startsWith(Rule.SPACE_BEFORE_COLON, Rule.BARE_LF);
    }

    @Test
    void offsetsCountFromTheConnectionsStart() throws Exception {
        client(ASK);
        server(RIGHT);
        client(ASK);
        server(WRONG);
        assertThat(inspect().getFirst().judged().findings().getFirst().offset()).isEqualTo(RIGHT.length() + 17);
    }

    /** The loopback interface carries 64 KB in a segment, and so many bytes of a clean response are not kept. */
    @Test
    void aLongCleanResponseMayComeInOneSegment() {
        var found = new ArrayList<InspectedResponse>();
        var inspection = new Inspection("1.40.0", false, found::add);
        var opened = (Opened) events.getFirst();
        var listener = inspection.opened(0, 0, true, Endpoints.of(opened.client(), opened.server()));
        var request = ASK.getBytes(ISO_8859_1);
        listener.data(Direction.TO_SERVER, request, 0, request.length, Arrival.at(1));
        var bytes = RIGHT.replace(": 2\r\n\r\nOK", ": 20000\r\n\r\n" + "x".repeat(20_000))
                .getBytes(ISO_8859_1);
        listener.data(Direction.TO_CLIENT, bytes, 0, bytes.length, Arrival.at(2));
        listener.end();
        assertThat(inspection.totals().responses()).isEqualTo(1);
        assertThat(found).isEmpty();
    }

    @Test
    void pipelinedRequestsArePairedInOrder() throws Exception {
        client("HEAD /a HTTP/1.1\r\n\r\nPOST /b HTTP/1.1\r\nContent-Length: 3\r\n\r\nabc"
                + ASK.replace("/wrong", "/c"));
        server("HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n" + RIGHT + WRONG);
        var all = inspect(true);
        assertThat(all).extracting(each -> each.judged().request().target()).containsExactly("/a", "/b", "/c");
        assertThat(all).filteredOn(InspectedResponse::remarkable).hasSize(1);
    }

    @Test
    void aByteAtATimeIsTheSame() throws Exception {
        for (char c : (ASK.replace("Host", "Transfer-Encoding: chunked\r\nHost") + "3\r\nabc\r\n0\r\n\r\n" + ASK)
                .toCharArray()) {
            client(String.valueOf(c));
        }
        for (char c : (RIGHT + WRONG).toCharArray()) {
            server(String.valueOf(c));
        }
        assertThat(inspect())
                .singleElement()
                .satisfies(found -> assertThat(found.offset()).isEqualTo(RIGHT.length()));
    }

    @Test
    void aCutBodyIsTheServersUnlessTheClientLeftFirst() throws Exception {
        client(ASK);
        server(RIGHT.replace("Length: 2", "Length: 9"));
        fin(Direction.TO_CLIENT);
        assertThat(inspect()).singleElement().satisfies(found -> {
            assertThat(found.judged().findings()).extracting(Finding::rule).containsExactly(Rule.CUT_IN_BODY);
            assertThat(found.judged().envoy().outcome()).isEqualTo(Outcome.RESETS_AFTER);
        });
        events.add(events.size() - 1, new Reset(0, now, Direction.TO_SERVER));
        assertThat(inspect()).isEmpty();
    }

    @Test
    void aCaptureThatEndsTooEarlyAccusesNobody() throws Exception {
        client(ASK);
        server("HTTP/1.1 200 OK\r\nContent-Le");
        assertThat(inspect()).isEmpty();
        assertThat(inspect(true).getFirst().notes())
                .containsExactly("the capture ends before the response does: judged on the captured part");
    }

    @Test
    void aResponseThatTheSnapLengthCutIsJudgedAsFarAsSeen() throws Exception {
        client(ASK);
        server("HTTP/1.1 200 OK\r\nX : y\r\nContent-Length: 90\r\n\r\n" + "z".repeat(90));
        fin(Direction.TO_CLIENT);
        var out = new ByteArrayOutputStream();
        CaptureWriter.write(out, events);
        var whole = out.toByteArray();
        var found = new ArrayList<InspectedResponse>();
        // Every enhanced packet block loses what is behind its first 100 bytes, as with tcpdump -s 100.
        var blocks = ByteBuffer.wrap(whole).order(ByteOrder.LITTLE_ENDIAN);
        for (int at = 0; at < whole.length; at += blocks.getInt(at + 4)) {
            if (blocks.getInt(at) == 6) {
                blocks.putInt(at + 20, Math.min(100, blocks.getInt(at + 20)));
            }
        }
        new CaptureReader("test")
                .read(
                        new ByteArrayInputStream(whole),
                        new StreamAssembler(new Inspection("1.40.0", false, found::add)));
        assertThat(found).singleElement().satisfies(each -> {
            assertThat(each.judged().findings()).extracting(Finding::rule).containsExactly(Rule.SPACE_BEFORE_COLON);
            assertThat(each.notes())
                    .containsExactly("76 bytes of the response are missing from the capture: judged on the rest");
        });
    }

    @Test
    void whatSpeaksHttp2IsCounted() throws Exception {
        client("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
        var inspection = new Inspection("1.40.0", false, _ -> {});
        read(inspection);
        assertThat(inspection.totals().of("HTTP/2")).isEqualTo(1);
        assertThat(inspection.totals().other()).isZero();
    }

    @Test
    void aKeepAliveRaceIsKnownByTheIdleTimeBeforeIt() throws Exception {
        client(ASK);
        server(RIGHT);
        now = now.plusSeconds(5);
        client(ASK);
        events.add(new Reset(0, now.plusNanos(200_000), Direction.TO_CLIENT));
        assertThat(inspect()).singleElement().satisfies(found -> {
            assertThat(found.judged().findings()).extracting(Finding::rule).containsExactly(Rule.NO_RESPONSE);
            assertThat(found.judged().envoy().flags()).isEqualTo("UC");
            assertThat(found.idle()).hasValue(Duration.ofMillis(5_001));
            assertThat(found.notes())
                    .containsExactly(
                            "a keep-alive race: the connection had been idle for 5.001000 s, and the server ended it"
                                    + " 0.000200 s after the request");
        });
    }

    @Test
    void aClientThatGaveUpIsSaid() throws Exception {
        client(ASK);
        now = now.plusSeconds(15);
        fin(Direction.TO_SERVER);
        assertThat(inspect()).singleElement().satisfies(found -> {
            assertThat(found.notes()).containsExactly("the client gave up after 15.001000 s without an answer");
            assertThat(found.judged().envoy().outcome()).isEqualTo(Outcome.HANGS);
        });
    }

    @Test
    void bytesAfterTheEndBelongToTheResponseBeforeThem() throws Exception {
        client(ASK);
        server(RIGHT);
        server("!!");
        fin(Direction.TO_CLIENT);
        assertThat(inspect()).singleElement().satisfies(found -> {
            assertThat(found.judged().findings()).extracting(Finding::rule).containsExactly(Rule.BYTES_AFTER_END);
            assertThat(found.judged().envoy().outcome()).isEqualTo(Outcome.PASSES);
        });
    }

    @Test
    void whatIsNotHttp1IsCounted() throws Exception {
        client("\u0016\u0003\u0001 hello");
        server("\u0016\u0003\u0003 hello");
        var inspection = new Inspection("1.40.0", false, _ -> {});
        read(inspection);
        assertThat(inspection.totals().of("TLS")).isEqualTo(1);
        assertThat(inspection.totals().responses()).isZero();
    }

    @Test
    void aPortNamedHttpThatSpeaksTlsIsNamed() throws Exception {
        client(ASK);
        server("\u0015\u0003\u0003\u0000\u0002\u0002F");
        fin(Direction.TO_CLIENT);
        assertThat(inspect())
                .singleElement()
                .satisfies(found -> assertThat(found.judged().findings())
                        .extracting(Finding::rule)
                        .contains(Rule.SPEAKS_TLS));
    }

    @Test
    void aConnectionThatWasGivenUpIsJudgedAsFarAsItWasSeen() {
        var found = new ArrayList<InspectedResponse>();
        var inspection = new Inspection("1.40.0", true, found::add);
        var opened = (Opened) events.getFirst();
        var listener = inspection.opened(0, 0, true, Endpoints.of(opened.client(), opened.server()));
        var bytes = (ASK + "GET").getBytes(ISO_8859_1);
        listener.data(Direction.TO_SERVER, bytes, 0, bytes.length, Arrival.at(1));
        long before = listener.held();
        var half = "HTTP/1.1 200 OK\r\nX : y\r\nContent-Le".getBytes(ISO_8859_1);
        listener.data(Direction.TO_CLIENT, half, 0, half.length, Arrival.at(2));
        assertThat(listener.held()).isGreaterThan(before + half.length);
        listener.givenUp();
        assertThat(found).singleElement().satisfies(each -> {
            assertThat(each.judged().findings()).extracting(Finding::rule).containsExactly(Rule.SPACE_BEFORE_COLON);
            assertThat(each.notes())
                    .containsExactly("the connection was dropped at the memory limit: judged on the part read so far");
        });
    }

    @Test
    void interimResponsesWithoutEndAreReadNoFurther() throws Exception {
        client(ASK);
        for (int i = 0; i < 30; i++) {
            server("HTTP/1.1 103 Early Hints\r\n" + "a: b\r\n".repeat(9_000) + "\r\n");
        }
        var found = inspect(true).getFirst();
        assertThat(found.notes())
                .containsExactly("the response's heads exceed the limit: judged on the part within it");
        assertThat(found.held()).isBetween(1L << 21, 1L << 23);
    }

    private void client(String text) {
        data(Direction.TO_SERVER, text);
    }

    private void server(String text) {
        data(Direction.TO_CLIENT, text);
    }

    private void data(Direction direction, String text) {
        now = now.plusMillis(1);
        events.add(new Data(0, now, direction, Bytes.latin1(text)));
    }

    private void fin(Direction direction) {
        now = now.plusMillis(1);
        events.add(new Fin(0, now, direction));
    }

    private List<InspectedResponse> inspect() throws Exception {
        return inspect(false);
    }

    private List<InspectedResponse> inspect(boolean all) throws Exception {
        var found = new ArrayList<InspectedResponse>();
        read(new Inspection("1.40.0", all, found::add));
        return found;
    }

    private void read(Inspection inspection) throws Exception {
        var out = new ByteArrayOutputStream();
        CaptureWriter.write(out, events);
        new CaptureReader("test").read(new ByteArrayInputStream(out.toByteArray()), new StreamAssembler(inspection));
    }
}
