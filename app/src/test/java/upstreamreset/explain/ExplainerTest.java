// SPDX-License-Identifier: Apache-2.0
package upstreamreset.explain;

import static org.assertj.core.api.Assertions.assertThat;
import static upstreamreset.accesslog.LogLines.RESET_AFTER;
import static upstreamreset.accesslog.LogLines.RESET_BEFORE;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import upstreamreset.accesslog.LogField;
import upstreamreset.accesslog.LogFormat;
import upstreamreset.accesslog.LogLine;
import upstreamreset.accesslog.LogLines;
import upstreamreset.accesslog.LogReader;
import upstreamreset.accesslog.ResponseFlag;
import upstreamreset.accesslog.Side;

class ExplainerTest {
    private static final LogLines SERVER = LogLines.server();
    private static final LogLines CLIENT = LogLines.client();
    private static final LogLines TERMINATED = SERVER.terminated();

    @Test
    void theServersSidecarMadeItAndTheClientsPassedItOn() {
        var explanation = explain(CLIENT, SERVER);
        assertThat(explanation.culprit().side()).isEqualTo(Side.SERVER);
        assertThat(explanation.verdict())
                .isEqualTo("the server's sidecar made this 502 itself, because of what its upstream did");
        assertThat(explanation.appRan()).hasValue(1);
        assertThat(explanation.notes())
                .contains(
                        "the 87 bytes that the client got are the proxy's own text (\"...reset reason: protocol error\"),"
                                + " none of them the app's");
        assertThat(explanation.causes().getFirst())
                .isEqualTo(new Cause(
                        "duplicate-transfer-encoding",
                        "the response has Transfer-Encoding twice: the code sets or copies it and the server adds its own",
                        "kubectl -n NAMESPACE port-forward pod/POD 18080:8080 >/dev/null & sleep 3; kill -0 $! && upstream-reset probe"
                                + " http://127.0.0.1:18080/wrong; kill $!"));
    }

    @Test
    void theOrderOfTheLinesDoesNotMatter() {
        assertThat(explain(SERVER, CLIENT)).isEqualTo(explain(CLIENT, SERVER));
    }

    @Test
    void theClientsLineAloneSendsOneToTheNextHop() {
        var explanation = explain(CLIENT);
        assertThat(explanation.verdict()).contains("forwarded a 502 that came from upstream");
        assertThat(explanation.causes().getFirst().next()).contains("grep -F -- 4f7c3f0e-7d0a-9b3e-8a51-0c9d8b3a5c11");
    }

    @Test
    void retriesAreCountedByTheServersLines() {
        var explanation = explain(CLIENT.passedOn(503).flags("URX"), TERMINATED, TERMINATED, TERMINATED);
        assertThat(explanation.appRan()).hasValue(3);
        assertThat(explanation.notes())
                .contains("3 lines of the server's sidecar for one request: it was retried, so the app may have"
                        + " repeated its side effects");
    }

    @Test
    void aRetryThatMendedItIsStillAFailureToExplain() {
        var explanation = explain(CLIENT.passedOn(200), TERMINATED, SERVER.passedOn(200));
        assertThat(explanation.failed()).isTrue();
        assertThat(explanation.verdict()).endsWith("but a retry succeeded and the client got 200");
    }

    @Test
    void aRefusedConnectionNeverReachedTheApp() {
        var explanation = explain(SERVER.status(503)
                .flags("URX,UF")
                .details(RESET_BEFORE + "{remote_connection_failure|delayed_connect_error:_Connection_refused}")
                .with(LogField.UPSTREAM_TRANSPORT_FAILURE_REASON, "delayed connect error: Connection refused")
                .bytes(121));
        assertThat(explanation.appRan()).hasValue(0);
        assertThat(explanation.notes())
                .anyMatch(note -> note.contains("23 of them say that it was retried"))
                .anyMatch(note -> note.startsWith("URX at the server's sidecar: since Istio 1.24"));
        assertThat(explanation.causes().getFirst().cause()).startsWith("nothing listens on that port");
    }

    @Test
    void anOldIstiosTerminationIsAProtocolErrorFirst() {
        assertThat(explain(TERMINATED).causes().getFirst().cause()).startsWith("a keep-alive race");
        var line = (LogLine.Access) new LogReader().read(TERMINATED.line(LogFormat.OLD_ISTIO));
        assertThat(new Explainer(IstioVersion.UNKNOWN)
                        .explain(List.of(Hop.of(line)), CodecSaid.NOTHING)
                        .causes()
                        .getLast()
                        .cause())
                .startsWith("if this is Istio before 1.10");
        var old = explain("1.9.5", TERMINATED);
        assertThat(old.causes().getFirst().cause()).startsWith("the response has Transfer-Encoding twice");
        var recent = explain("1.10", TERMINATED);
        assertThat(recent.causes()).noneMatch(cause -> cause.cause().contains("Transfer-Encoding"));
    }

    @Test
    void aSlowTerminationIsACrashOrTimeoutFirst() {
        assertThat(explain(TERMINATED.duration(120_003)).causes().getFirst().cause())
                .isEqualTo("the app, or a server in it, closed the connection without an answer at its own timeout,"
                        + " after 120003 ms");
    }

    @Test
    void wireBytesTellBadBytesFromNone() {
        var format =
                LogFormat.of("%RESPONSE_CODE% %RESPONSE_FLAGS% %RESPONSE_CODE_DETAILS% %UPSTREAM_WIRE_BYTES_RECEIVED%");
        var reader = new LogReader(format);
        var details = " upstream_reset_before_response_started{";
        assertThat(explain(reader, "502 UPE" + details + "protocol_error} 90").notes())
                .contains("90 bytes came from the upstream, and they were refused: bad bytes, not none");
        assertThat(explain(reader, "503 UC" + details + "connection_termination} 0")
                        .notes())
                .contains("the upstream sent no byte");
        assertThat(explain(reader, "503 UC" + details + "connection_termination} 90")
                        .causes()
                        .getFirst()
                        .cause())
                .startsWith("the response has Transfer-Encoding twice");
    }

    @Test
    void withoutDetailsTheLengthGivesTheReasonAway() {
        assertThat(explain(SERVER.details("-")).notes())
                .anyMatch(note -> note.startsWith("the 87 bytes that the client got"));
    }

    @Test
    void aCutResponseSaysHowMuchReachedTheClient() {
        var explanation = explain(
                SERVER.status(200).details(RESET_AFTER + "{protocol_error}").bytes(4096));
        assertThat(explanation.verdict()).isEqualTo("the server's sidecar cut a 200 response off");
        assertThat(explanation.notes()).contains("4096 bytes of body reached the client before the proxy cut it off");
    }

    @Test
    void aGrpcClientGetsEnvoysOwnReplyAsA200() {
        var reply = server(200, "UH", "no_healthy_upstream")
                .with(LogField.METHOD, "POST")
                .bytes(0);
        assertThat(explain(reply).verdict())
                .isEqualTo("the server's sidecar answered a gRPC call itself: HTTP 200, in which the client saw"
                        + " grpc-status 14 (UNAVAILABLE); its upstream never got the request");
        for (var none : List.of(reply.with(LogField.METHOD, "GET"), reply.bytes(4096))) {
            assertThat(explain(none).verdict())
                    .isEqualTo("the server's sidecar made this 200 itself; its upstream never got the request");
        }
    }

    @Test
    void anOverloadedProxyThatRefusesDidNotAskTheApp() {
        var explanation = explain(server(503, "-", "overload"));
        assertThat(explanation.verdict())
                .isEqualTo("the server's sidecar made this 503 itself; its upstream never got the request");
        assertThat(explanation.appRan()).hasValue(0);
    }

    @Test
    void anUnknownFlagAndUnknownDetailsAreSaidToBeUnknown() {
        assertThat(explain(SERVER.flags("XYZ").details("my_filter")).notes())
                .contains(
                        "XYZ: a flag that this tool does not know; a filter may have registered it",
                        "my_filter: details that this tool does not know; a filter may have set them");
    }

    @ParameterizedTest
    @CsvSource({
        "403, -, rbac_access_denied_matched_policy[none]",
        "401, -, jwt_authn_access_denied{Jwt_is_missing}",
        "429, -, local_rate_limited",
        "400, -, missing_host_header",
        "400, DPE, http1.codec_error",
        "503, UH, no_healthy_upstream"
    })
    void whatTheServersSidecarRefusedNeverReachedTheApp(int status, String flags, String details) {
        var explanation = explain(server(status, flags, details).withoutUpstream());
        assertThat(explanation.verdict())
                .isEqualTo("the server's sidecar made this %s itself; its upstream never got the request", status);
        assertThat(explanation.appRan()).hasValue(0);
    }

    /** As Envoy 1.40 logged a request whose second chunk had no size. */
    @Test
    void aRequestThatBreaksInTheMiddleHadReachedTheApp() {
        var explanation = explain(server(400, "DPE", "http1.codec_error").bytes(11));
        assertThat(explanation.verdict())
                .isEqualTo("the server's sidecar made this 400 itself, because the client broke HTTP; its"
                        + " upstream had received the beginning of the request");
        assertThat(explanation.appRan()).hasValue(1);
    }

    @Test
    void whatNobodyKnowsIsNotBlamedOnTheApp() {
        for (var flags : List.of("-", "ZZ")) {
            var explanation = explain(server(500, flags, "never_heard_of"));
            assertThat(explanation.verdict())
                    .isEqualTo(
                            "the server's sidecar made this 500 itself; its line does not say whether the upstream got"
                                    + " the request");
            assertThat(explanation.appRan()).isEmpty();
        }
    }

    @Test
    void aRouteThatAnswersItselfIsNotTheUpstream() {
        var blocked = explain(server(502, "-", "direct_response")
                .with(LogField.UPSTREAM_CLUSTER, "-")
                .with(LogField.ROUTE_NAME, "block_all"));
        assertThat(blocked.verdict()).isEqualTo("the proxy made this 502 itself; its upstream never got the request");
        assertThat(blocked.causes().getFirst().cause()).contains("REGISTRY_ONLY", "ServiceEntry");
        assertThat(blocked.appRan()).hasValue(0);
        var configured = explain(server(404, "-", "direct_response"));
        assertThat(configured.verdict()).isEqualTo("nothing failed: the route itself answered 404");
        assertThat(configured.appRan()).hasValue(0);
        assertThat(explain(server(500, "-", "direct_response"))
                        .causes()
                        .getFirst()
                        .cause())
                .isEqualTo("a route answers this itself (directResponse of a VirtualService)");
    }

    private static LogLines server(int status, String flags, String details) {
        return SERVER.status(status).flags(flags).details(details);
    }

    @Test
    void everyFlagHasACauseAndACommandByEitherName() {
        for (var flag : ResponseFlag.values()) {
            var both = flag == ResponseFlag.URX ? flag + ",UF" : flag.toString();
            for (var name : List.of(both, both.replace(flag.name(), flag.longName()))) {
                var explanation = explain(server(503, name, "-"));
                assertThat(explanation.causes()).as(name).isNotEmpty();
                assertThat(explanation.notes()).as(name).anyMatch(note -> note.contains(flag.sentence()));
            }
        }
    }

    @Test
    void whatOnlyACacheOrADelayFlaggedIsNoFailure() {
        for (var flag : List.of("RFCF", "DI")) {
            assertThat(explain(server(200, flag, "via_upstream")).failed())
                    .as(flag)
                    .isFalse();
        }
    }

    @Test
    void withoutDetailsTheAppsTimeTellsThatTheAppAnswered() {
        var line = server(500, "-", "-");
        assertThat(explain(line.with(LogField.UPSTREAM_SERVICE_TIME, "2")).verdict())
                .contains("forwarded a 500");
        assertThat(explain(line).verdict()).contains("made this 500 itself");
    }

    @Test
    void aLineAloneTellsHowOftenTheAppRanWhereItCan() {
        assertThat(explain(CLIENT.passedOn(200)).appRan()).hasValue(1);
        assertThat(explain(CLIENT).appRan()).as("it may have been retried").isEmpty();
        assertThat(explain(CLIENT.passedOn(200).flags("URX")).appRan()).isEmpty();
        var reader = new LogReader(LogFormat.of("%RESPONSE_CODE% %RESPONSE_FLAGS% %UPSTREAM_REQUEST_ATTEMPT_COUNT%"));
        assertThat(explain(reader, "502 URX 3").appRan()).hasValue(3);
    }

    @Test
    void usedUpRetriesAreExplainedByWhoseTheyAre() {
        assertThat(explain(CLIENT.flags("URX")).notes())
                .contains("URX: Istio retries twice by default, so the app may have been called three times");
        var server = SERVER.flags("URX,UPE");
        assertThat(explain(server).notes()).anyMatch(note -> note.contains("since Istio 1.24 it retries twice"));
        assertThat(explain("1.23", server).notes())
                .contains("URX at the server's sidecar: a retry policy was set for it");
    }

    @Test
    void aTransportFailureInTheReplyIsCountedToo() {
        var reason = "delayed connect error: Connection refused";
        for (boolean retried : new boolean[] {false, true}) {
            int bytes = 98 + (retried ? 23 : 0) + ", transport failure reason: ".length() + reason.length();
            var line = server(503, "UF", RESET_BEFORE + "{remote_connection_failure}")
                    .with(LogField.UPSTREAM_TRANSPORT_FAILURE_REASON, reason);
            assertThat(explain(line.bytes(bytes)).notes())
                    .anyMatch(note -> note.contains("the transport failure included as before Envoy 1.38.1"));
            assertThat(explain(line.bytes(7777)).notes())
                    .noneMatch(note -> note.contains("the transport failure included"));
        }
    }

    @Test
    void theAppsOwnErrorIsNoProxys() {
        assertThat(explain(SERVER.passedOn(500)).verdict())
                .isEqualTo("the server's sidecar forwarded a 500 that the app itself sent");
        assertThat(explain(SERVER.passedOn(404)).failed()).isFalse();
    }

    @Test
    void aTcpConnectionIsNoRequestThatFailed() {
        var connection = SERVER.status(0)
                .details("-")
                .with(LogField.METHOD, "-")
                .with(LogField.PATH, "-")
                .with(LogField.PROTOCOL, "-")
                .with(LogField.REQUEST_ID, "-");
        for (var side : List.of("outbound", "inbound")) {
            var line = connection.with(LogField.UPSTREAM_CLUSTER, side + "|5432||pg");
            var clean = explain(line.flags("-"));
            assertThat(clean.failed()).isFalse();
            assertThat(clean.verdict()).isEqualTo("nothing failed: a TCP connection, without HTTP");
            assertThat(clean.appRan()).isEmpty();
            assertThat(clean.causes()).isEmpty();
            var refused = explain(line.flags("URX,UF"));
            assertThat(refused.verdict()).endsWith(" failed a TCP connection; it saw no HTTP request");
            assertThat(refused.causes().getFirst().cause()).startsWith("nothing listens on that port");
            assertThat(refused.notes()).noneMatch(note -> note.contains("the app may have been called"));
            assertThat(refused.appRan()).isEmpty();
        }
        assertThat(explain(connection.flags("NR").details("filter_chain_not_found"))
                        .failed())
                .isTrue();
    }

    @Test
    void aTunnelThatWasClosedDidNotFail() {
        var details = RESET_AFTER + "{connection_termination}";
        var websocket = explain(server(101, "UC", details));
        assertThat(websocket.failed()).isFalse();
        assertThat(websocket.verdict()).isEqualTo("nothing failed: a tunnel (101) that its upstream closed");
        assertThat(websocket.notes()).isEmpty();
        assertThat(websocket.causes()).isEmpty();
        assertThat(explain(server(200, "DC", "downstream_remote_disconnect").with(LogField.METHOD, "CONNECT"))
                        .verdict())
                .isEqualTo("nothing failed: a tunnel (200) that the client closed");
        var cut = explain(server(200, "UC", details));
        assertThat(cut.failed()).isTrue();
        assertThat(cut.notes()).noneMatch(note -> note.endsWith("before a single byte"));
        assertThat(explain(server(101, "UC,XYZ", details)).failed()).isTrue();
    }

    @Test
    void aClientThatLeftBeforeTheResponseIsNoTcpConnection() {
        var left = explain(server(0, "DC", "downstream_remote_disconnect").bytes(0));
        assertThat(left.failed()).isTrue();
        assertThat(left.verdict()).isEqualTo("the server's sidecar saw the client leave before there was a response");
        assertThat(left.appRan()).hasValue(1);
        var two = new LogReader(LogFormat.of("%RESPONSE_CODE% %RESPONSE_FLAGS%"));
        assertThat(explain(two, "0 DC").verdict()).contains("saw the client leave");
    }

    @Test
    void whatALogSaysIsQuotedInACommand() {
        var explanation = explain(SERVER.with(LogField.PATH, "/a'$(reboot)"));
        assertThat(explanation.causes().getFirst().next())
                .contains("upstream-reset probe 'http://127.0.0.1:18080/a'\\''$(reboot)'; kill");
    }

    private static Explanation explain(LogLines... lines) {
        return explainer(IstioVersion.UNKNOWN, lines);
    }

    private static Explanation explain(String version, LogLines... lines) {
        return explainer(IstioVersion.parse(version).orElseThrow(), lines);
    }

    private static Explanation explainer(IstioVersion version, LogLines... lines) {
        return new Explainer(version)
                .explain(Arrays.stream(lines).map(line -> Hop.of(line.access())).toList(), CodecSaid.NOTHING);
    }

    private static Explanation explain(LogReader reader, String line) {
        return new Explainer(IstioVersion.UNKNOWN)
                .explain(List.of(Hop.of((LogLine.Access) reader.read(line))), CodecSaid.NOTHING);
    }
}
