// SPDX-License-Identifier: Apache-2.0
package upstreamreset.inspect;

import static org.assertj.core.api.Assertions.assertThat;
import static upstreamreset.inspect.Http2Wire.ACK;
import static upstreamreset.inspect.Http2Wire.CLIENT;
import static upstreamreset.inspect.Http2Wire.SETTINGS;
import static upstreamreset.inspect.Http2Wire.frame;
import static upstreamreset.inspect.Http2Wire.indexed;
import static upstreamreset.inspect.Http2Wire.literal;
import static upstreamreset.inspect.Http2Wire.request;
import static upstreamreset.inspect.Http2Wire.response;
import static upstreamreset.inspect.Http2Wire.rules;

import java.time.Instant;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import upstreamreset.http1.Rule;
import upstreamreset.tcp.Direction;
import upstreamreset.tcp.StreamEvent;
import upstreamreset.verdict.Outcome;
import upstreamreset.wire.Bytes;

/** Whole connections of HTTP/2: which responses they have, what is lost with lost bytes, and what stays bounded. */
class Http2ConnectionTest {
    private static final String GRPC = literal("content-type", "application/grpc");

    @Test
    void aHealthyConnectionHasNoFindingAndIsRead() {
        var wire = new Http2Wire().client(CLIENT + request(1) + request(3)).server(SETTINGS + ACK);
        wire.server(
                frame(1, 4, 3, "\u0088") + frame(1, 4, 1, "\u008d") + frame(0, 1, 3, "three") + frame(0, 1, 1, "one"));
        wire.fin(Direction.TO_SERVER).fin(Direction.TO_CLIENT);
        var found = wire.end();
        assertThat(found).noneMatch(InspectedResponse::notable);
        assertThat(found).extracting(each -> each.http2().orElseThrow().id()).containsExactly(3, 1);
        assertThat(found).extracting(each -> each.judged().status()).containsExactly(200, 404);
        assertThat(found).extracting(each -> each.judged().request().target()).containsOnly("/");
        assertThat(found)
                .extracting(each -> each.http2().orElseThrow().authority())
                .containsOnly("a");
        assertThat(wire.inspection.totals().protocols()).isEmpty();
        assertThat(wire.inspection.totals().http2InPart()).isZero();
    }

    @Test
    void aResponseIsToldWhenItsStreamEndsAndTheConnectionGoesOn() {
        var wire = new Http2Wire();
        wire.client(Http2Wire.CLIENT + Http2Wire.request(1)).server(Http2Wire.SETTINGS + Http2Wire.response(1, "ok"));
        assertThat(wire.found).hasSize(1);
        wire.client(Http2Wire.request(3)).server(Http2Wire.frame(1, 0x4, 3, "\u0088"));
        assertThat(wire.found).as("its end is still to come").hasSize(1);
        wire.server(Http2Wire.frame(0, 0x1, 3, ""));
        assertThat(wire.found).hasSize(2);
        wire.server(Http2Wire.frame(0, 0x1, 3, "again"));
        assertThat(wire.end())
                .as("Envoy does not look behind END_STREAM")
                .hasSize(2)
                .noneMatch(InspectedResponse::remarkable);
    }

    @Test
    void grpcStatusIsShownAndIsNoFinding() {
        var wire = new Http2Wire()
                .client(CLIENT + request(1) + request(3) + request(5))
                .server(SETTINGS);
        wire.server(frame(1, 4, 1, "\u0088" + GRPC)
                + frame(0, 0, 1, "\0\0\0\0\0")
                + frame(1, 5, 1, literal("grpc-status", "14") + literal("grpc-message", "gone")));
        wire.server(frame(1, 5, 3, "\u0088" + GRPC + literal("grpc-status", "5")));
        wire.server(frame(1, 4, 5, "\u0088" + GRPC) + frame(1, 5, 5, literal("grpc-status", "0")));
        var found = wire.end();
        assertThat(found)
                .extracting(
                        each -> each.http2().orElseThrow().grpc().orElseThrow().text())
                .containsExactly(
                        "grpc-status: 14 (UNAVAILABLE), grpc-message: gone",
                        "grpc-status: 5 (NOT_FOUND)",
                        "grpc-status: 0 (OK)");
        assertThat(found).noneMatch(InspectedResponse::remarkable);
        assertThat(found).extracting(InspectedResponse::notable).containsExactly(true, true, false);
    }

    @Test
    void aHoleInsideOfDataIsSkipped() {
        var wire = new Http2Wire().client(CLIENT + request(1) + request(3)).server(SETTINGS);
        wire.server(frame(1, 4, 1, "\u0088" + literal("content-length", "100")));
        wire.server(frame(0, 1, 1, "x".repeat(100)).substring(0, 30)).gap(Direction.TO_CLIENT, 50);
        wire.server("x".repeat(29) + response(3, "ok"));
        var found = wire.end();
        assertThat(found).extracting(each -> each.judged().status()).containsExactly(200, 200);
        assertThat(found).noneMatch(InspectedResponse::remarkable);
        assertThat(wire.inspection.totals().http2InPart()).isZero();
    }

    @Test
    void afterAHoleElsewhereWhatFieldsReferToIsUnknown() {
        var wire = new Http2Wire()
                .client(CLIENT + request(1) + request(3) + request(5))
                .server(SETTINGS);
        wire.server(frame(1, 4, 1, "\u0088" + indexed("x-a", "b") + indexed("server", "s")));
        wire.gap(Direction.TO_CLIENT, 40);
        wire.server(frame(1, 4, 3, "\u0088\u00be" + literal("connection", "close")) + frame(0, 1, 3, "ok"));
        wire.server(frame(1, 5, 5, "\u00be"));
        wire.fin(Direction.TO_CLIENT);
        var found = wire.end();
        assertThat(found).hasSize(3);
        var malformed = byStream(wire, 3);
        assertThat(rules(malformed)).containsExactly(Rule.CONNECTION_SPECIFIC_FIELD);
        assertThat(malformed.notes())
                .contains("1 of its fields refer to fields that are missing from the capture, so they are unknown");
        assertThat(byStream(wire, 1).remarkable()).isFalse();
        assertThat(byStream(wire, 5).statusText()).isEqualTo("unknown status");
        assertThat(byStream(wire, 5).judged().envoy().outcome()).isEqualTo(Outcome.UNKNOWN);
        assertThat(wire.inspection.totals().http2InPart()).isOne();
    }

    @Test
    void whatBeginsInMidStreamIsSeenInPart() {
        var wire = new Http2Wire(false);
        wire.client(frame(1, 5, 7, "\u0082\u0086\u0084\u00c1"));
        wire.server("some body that began before");
        wire.server(response(7, "ok"));
        wire.client(frame(1, 5, 9, "\u0082\u0086\u0084\u00c1"));
        wire.server(frame(1, 4, 9, "\u0088" + literal("transfer-encoding", "chunked")) + frame(0, 1, 9, "ok"));
        var found = wire.end();
        assertThat(found).extracting(each -> each.judged().request().method()).containsExactly("GET", "GET");
        assertThat(rules(found.getFirst())).isEmpty();
        assertThat(rules(found.getLast())).containsExactly(Rule.CONNECTION_SPECIFIC_FIELD);
        assertThat(wire.inspection.totals().http2InPart()).isOne();
    }

    @Test
    void theServersSideAloneIsJudged() {
        var wire = new Http2Wire().server(SETTINGS + ACK).server(response(1, "ok"));
        wire.server(frame(1, 4, 3, literal("x-a", "b")) + frame(0, 1, 3, "ok") + frame(3, 0, 1, "\0\0\0\0"));
        wire.fin(Direction.TO_CLIENT);
        var found = wire.end();
        assertThat(found).extracting(each -> each.judged().request().method()).containsExactly("?", "?");
        assertThat(rules(byStream(wire, 1))).isEmpty();
        assertThat(rules(byStream(wire, 3))).containsExactly(Rule.MISSING_STATUS);
    }

    @Test
    void theRequestOfAnUpgradeIsStreamOne() {
        var wire = new Http2Wire();
        wire.client(
                "GET /up HTTP/1.1\r\nHost: a\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMA\r\n\r\n");
        wire.server("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n" + SETTINGS);
        wire.client(CLIENT);
        wire.server(response(1, "first"));
        wire.client(request(3));
        wire.server(frame(1, 4, 3, "\u0088" + literal("X-Foo", "b")) + frame(0, 1, 3, "ok"));
        wire.fin(Direction.TO_CLIENT).fin(Direction.TO_SERVER);
        wire.end();
        assertThat(byStream(wire, 1).judged().request().target()).isEqualTo("/up");
        assertThat(byStream(wire, 1).judged().status()).isEqualTo(200);
        assertThat(rules(byStream(wire, 3))).containsExactly(Rule.UPPERCASE_FIELD_NAME);
        assertThat(wire.found).filteredOn(each -> !each.inHttp2()).noneMatch(InspectedResponse::remarkable);
    }

    /** The 101 waits for its request, and with it the frames behind it. */
    @Test
    void anUpgradeWhoseRequestIsNotInTheCaptureIsNoFault() {
        var wire = new Http2Wire();
        wire.server("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n" + SETTINGS);
        wire.client(Http2Wire.PREFACE).client(SETTINGS).client(ACK);
        wire.server(frame(1, 4, 1, "\u0088")).server(frame(0, 1, 1, "ok"));
        wire.fin(Direction.TO_CLIENT);
        assertThat(wire.end()).noneMatch(InspectedResponse::remarkable);
    }

    @Test
    void behindAProxyPreambleItIsRead() {
        var wire = new Http2Wire().client("PROXY TCP4 10.0.0.1 10.0.0.2 1 2\r\n" + CLIENT + request(1));
        wire.server(SETTINGS + response(1, "ok"));
        assertThat(wire.end())
                .singleElement()
                .satisfies(each -> assertThat(each.judged().status()).isEqualTo(200));
    }

    @Test
    void aStreamThatTheClientGivesUpIsNoFault() {
        var wire = new Http2Wire().client(CLIENT + request(1) + request(3)).server(SETTINGS);
        wire.client(frame(3, 0, 1, "\0\0\0\10"));
        wire.server(frame(1, 4, 3, "\u0088") + frame(0, 0, 3, "part"));
        wire.client(frame(3, 0, 3, "\0\0\0\10"));
        wire.server(frame(3, 0, 3, "\0\0\0\5") + frame(0, 1, 1, "late"));
        wire.fin(Direction.TO_CLIENT);
        var found = wire.end();
        assertThat(found).hasSize(2).noneMatch(InspectedResponse::remarkable);
        assertThat(found.getFirst().notes().getFirst()).contains("CANCEL");
    }

    @Test
    void goAwayRefusesOnlyWhatItLeavesOut() {
        var wire = new Http2Wire().client(CLIENT + request(1) + request(3)).server(SETTINGS);
        wire.server(frame(7, 0, 0, "\0\0\0\1\0\0\0\0"));
        wire.server(response(1, "ok"));
        wire.fin(Direction.TO_CLIENT);
        wire.end();
        assertThat(rules(byStream(wire, 1))).isEmpty();
        assertThat(rules(byStream(wire, 3))).containsExactly(Rule.STREAM_REFUSED);
    }

    @Test
    void whoClosesFirstDecides() {
        var byClient = new Http2Wire().client(CLIENT + request(1)).server(SETTINGS + frame(1, 4, 1, "\u0088"));
        byClient.fin(Direction.TO_SERVER).fin(Direction.TO_CLIENT);
        assertThat(byClient.end())
                .singleElement()
                .satisfies(each -> assertThat(each.remarkable()).isFalse());
        var byServer = new Http2Wire().client(CLIENT + request(1)).server(SETTINGS + frame(1, 4, 1, "\u0088"));
        byServer.fin(Direction.TO_CLIENT);
        assertThat(byServer.end())
                .singleElement()
                .satisfies(each -> assertThat(rules(each)).containsExactly(Rule.STREAM_UNFINISHED));
        var byNobody =
                new Http2Wire().client(CLIENT + request(1) + request(3)).server(SETTINGS + frame(1, 4, 1, "\u0088"));
        assertThat(byNobody.end())
                .singleElement()
                .satisfies(each -> assertThat(each.remarkable()).isFalse());
        assertThat(byNobody.inspection.totals().unanswered()).isOne();
    }

    @Test
    void aPushThatTheClientAllowsIsAResponse() {
        var wire = new Http2Wire()
                .client(Http2Wire.PREFACE + SETTINGS + request(1))
                .server(SETTINGS);
        wire.server(frame(5, 4, 1, "\0\0\0\2\u0082\u0086\u0084" + literal(":authority", "a")));
        wire.server(response(1, "ok") + response(2, "pushed"));
        assertThat(wire.end()).hasSize(2).noneMatch(InspectedResponse::remarkable);
    }

    @Test
    void hostileBytesStayBounded() {
        var flood = new Http2Wire().client(CLIENT + request(1)).server(SETTINGS + frame(1, 0, 1, "\u0088"));
        for (int i = 0; i < 2_000; i++) {
            flood.server(frame(9, 0, 1, literal("x", "y".repeat(100)).repeat(10)));
        }
        assertThat(flood.held()).isLessThan(2_000_000);
        flood.end();

        var many = new Http2Wire().client(CLIENT).server(SETTINGS);
        for (int i = 0; i < 20_000; i++) {
            many.client(request(2 * i + 1)).server(frame(1, 4, 2 * i + 1, "\u0088" + indexed("x" + i, "y".repeat(90))));
        }
        assertThat(many.held()).isLessThan(20_000_000);
        many.end();
        assertThat(many.inspection.totals().http2InPart()).isOne();
    }

    /** Seeded: random bytes in the place of some. */
    @Test
    void brokenBytesAreReadToTheEnd() {
        var random = new Random(17);
        var client = CLIENT + request(1) + request(3) + request(5);
        var server = SETTINGS
                + frame(1, 4, 1, "\u0088" + indexed("x-a", "b") + GRPC)
                + response(3, "ok")
                + frame(0, 9, 1, "\2ok\0\0")
                + frame(1, 0x2c, 5, "\2\0\0\0\0\20\u0088\u00be\0\0")
                + frame(0, 1, 5, "ok")
                + frame(7, 0, 0, "\0\0\0\5\0\0\0\0")
                + frame(3, 0, 5, "\0\0\0\0");
        for (int round = 0; round < 20_000; round++) {
            var bytes = server.toCharArray();
            for (int i = random.nextInt(4); i >= 0; i--) {
                bytes[random.nextInt(bytes.length)] = (char) random.nextInt(256);
            }
            var wire = new Http2Wire(random.nextBoolean()).client(client);
            wire.server(new String(bytes), random);
            if (random.nextBoolean()) {
                wire.fin(Direction.TO_CLIENT);
            }
            wire.end();
        }
    }

    @Test
    void credentialsAreHiddenOnThePage() {
        var request = CLIENT + frame(1, 5, 1, "\u0082\u0086\u0084" + literal("authorization", "Bearer one"));
        var server = SETTINGS + frame(1, 5, 1, "\u0088" + indexed("set-cookie", "a=two") + literal("x-a", "shown"));
        var events = List.<StreamEvent>of(
                new StreamEvent.Data(0, Instant.EPOCH, Direction.TO_SERVER, Bytes.latin1(request)),
                new StreamEvent.Data(0, Instant.EPOCH, Direction.TO_CLIENT, Bytes.latin1(server)));
        var sent = new Http2Secrets(events, Direction.TO_SERVER)
                .of(Bytes.latin1(request).toArray(), 0);
        var answered = new Http2Secrets(events, Direction.TO_CLIENT)
                .of(Bytes.latin1(server).toArray(), 0);
        assertThat(Bytes.of(sent).latin1())
                .doesNotContain("Bearer", "one")
                .startsWith("PRI")
                .hasSize(request.length());
        assertThat(Bytes.of(answered).latin1()).doesNotContain("two").contains("shown");
    }

    private static InspectedResponse byStream(Http2Wire wire, int stream) {
        return wire.found.stream()
                .filter(each ->
                        each.http2().filter(http2 -> http2.id() == stream).isPresent())
                .findFirst()
                .orElseThrow();
    }
}
