// SPDX-License-Identifier: Apache-2.0
package upstreamreset.explain;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import upstreamreset.accesslog.AccessLogParserTest;
import upstreamreset.accesslog.LogFormat;
import upstreamreset.accesslog.LogLine;
import upstreamreset.accesslog.LogReader;
import upstreamreset.accesslog.ResponseFlag;
import upstreamreset.accesslog.Side;

class ExplainerTest {
    private static final String SERVER = AccessLogParserTest.WRONG;
    private static final String CLIENT = SERVER.replace("inbound|8080||", "outbound|8080||http-chunked.default.svc")
            .replace("502 UPE upstream_reset_before_response_started{protocol_error}", "502 - via_upstream")
            .replace(" 3 - \"-\" \"curl", " 4 3 \"-\" \"curl");
    private static final String TERMINATED = SERVER.replace(
            "502 UPE upstream_reset_before_response_started{protocol_error} - \"-\" 0 87",
            "503 UC upstream_reset_before_response_started{connection_termination} - \"-\" 0 95");

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
                        "the response has Transfer-Encoding twice: the code sets or copies it and the server adds its own",
                        "upstream-reset probe http://10.244.0.7:8080/wrong"));
    }

    @Test
    void theOrderOfTheLinesDoesNotMatter() {
        assertThat(explain(SERVER, CLIENT)).isEqualTo(explain(CLIENT, SERVER));
    }

    @Test
    void theClientsLineAloneSendsOneToTheNextHop() {
        var explanation = explain(CLIENT);
        assertThat(explanation.verdict()).contains("passed a 502 on that came from further on");
        assertThat(explanation.causes().getFirst().next()).contains("grep -F -- 4f7c3f0e-7d0a-9b3e-8a51-0c9d8b3a5c11");
    }

    @Test
    void retriesAreCountedByTheServersLines() {
        var client = CLIENT.replace("502 - via_upstream", "503 URX via_upstream");
        var explanation = explain(client, TERMINATED, TERMINATED, TERMINATED);
        assertThat(explanation.appRan()).hasValue(3);
        assertThat(explanation.notes())
                .contains("3 lines of the server's sidecar for one request: it was retried, and so were the app's side"
                        + " effects");
    }

    @Test
    void aRetryThatMendedItIsStillAFailureToExplain() {
        var explanation = explain(
                CLIENT.replace("502 - via", "200 - via"),
                TERMINATED,
                SERVER.replace("502 UPE upstream_reset_before_response_started{protocol_error}", "200 - via_upstream"));
        assertThat(explanation.failed()).isTrue();
        assertThat(explanation.verdict()).endsWith("but a retry mended it and the client got 200");
    }

    @Test
    void aRefusedConnectionNeverReachedTheApp() {
        var line = SERVER.replace(
                "502 UPE upstream_reset_before_response_started{protocol_error} - \"-\" 0 87",
                "503 URX,UF upstream_reset_before_response_started{remote_connection_failure|delayed_connect_error:_Connection"
                        + "_refused} - \"delayed connect error: Connection refused\" 0 121");
        var explanation = explain(line);
        assertThat(explanation.appRan()).hasValue(0);
        assertThat(explanation.notes())
                .anyMatch(note -> note.contains("23 of them say that it was retried"))
                .anyMatch(note -> note.startsWith("URX at the server's sidecar: from Istio 1.24"));
        assertThat(explanation.causes().getFirst().cause()).startsWith("nothing listens on that port");
    }

    @Test
    void anOldIstiosTerminationIsAProtocolErrorFirst() {
        assertThat(explain(TERMINATED).causes().getFirst().cause()).startsWith("a keep-alive race");
        assertThat(explain(TERMINATED).causes().getLast().cause()).startsWith("if this is Istio before 1.10");
        var old = new Explainer(IstioVersion.parse("1.9.5")).explain(lines(TERMINATED), Optional.empty());
        assertThat(old.causes().getFirst().cause()).startsWith("the response has Transfer-Encoding twice");
        var recent = new Explainer(IstioVersion.parse("1.10")).explain(lines(TERMINATED), Optional.empty());
        assertThat(recent.causes()).noneMatch(cause -> cause.cause().contains("Transfer-Encoding"));
    }

    @Test
    void aSlowTerminationIsACrashOrTimeoutFirst() {
        assertThat(explain(TERMINATED.replace(" 95 3 ", " 95 120003 "))
                        .causes()
                        .getFirst()
                        .cause())
                .startsWith("the app closed the connection without an answer after 120003 ms");
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
                .contains("not one byte came from the upstream");
        assertThat(explain(reader, "503 UC" + details + "connection_termination} 90")
                        .causes()
                        .getFirst()
                        .cause())
                .startsWith("the response has Transfer-Encoding twice");
    }

    @Test
    void withoutDetailsTheLengthGivesTheReasonAway() {
        var line =
                "[2026-11-22T20:00:00.123Z] \"GET /wrong HTTP/1.1\" 502 UPE 0 87 3 - \"-\" \"-\" \"-\" \"a\" \"b:1\"";
        assertThat(explain(line).notes()).anyMatch(note -> note.startsWith("the 87 bytes that the client got"));
    }

    @Test
    void aCutResponseSaysHowMuchReachedTheClient() {
        var explanation = explain(SERVER.replace(
                "502 UPE upstream_reset_before_response_started{protocol_error} - \"-\" 0 87",
                "200 UPE upstream_reset_after_response_started{protocol_error} - \"-\" 0 4096"));
        assertThat(explanation.verdict()).isEqualTo("the server's sidecar cut a 200 response off");
        assertThat(explanation.notes()).contains("4096 bytes of body reached the client before the proxy cut it off");
    }

    @Test
    void aGrpcClientGetsEnvoysOwnReplyAsA200() {
        assertThat(explain(server("200", "UH", "no_healthy_upstream")).verdict())
                .isEqualTo("the server's sidecar made this 200 itself; its upstream never got the request");
    }

    @Test
    void anOverloadedProxyThatRefusesDidNotAskTheApp() {
        var explanation = explain(server("503", "-", "overload"));
        assertThat(explanation.verdict())
                .isEqualTo("the server's sidecar made this 503 itself; its upstream never got the request");
        assertThat(explanation.appRan()).hasValue(0);
    }

    @Test
    void anUnknownFlagAndUnknownDetailsAreSaidToBeUnknown() {
        assertThat(explain(SERVER.replace("UPE", "XYZ")
                                .replace("upstream_reset_before_response_started{protocol_error}", "my_filter"))
                        .notes())
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
    void whatTheServersSidecarRefusedNeverReachedTheApp(String status, String flags, String details) {
        var explanation = explain(server(status, flags, details));
        assertThat(explanation.verdict())
                .isEqualTo("the server's sidecar made this %s itself; its upstream never got the request", status);
        assertThat(explanation.appRan()).hasValue(0);
    }

    @Test
    void whatNobodyKnowsIsNotBlamedOnTheApp() {
        for (var flags : List.of("-", "ZZ")) {
            var explanation = explain(server("500", flags, "never_heard_of"));
            assertThat(explanation.verdict())
                    .isEqualTo(
                            "the server's sidecar made this 500 itself; its line does not say whether the upstream got"
                                    + " the request");
            assertThat(explanation.appRan()).isEmpty();
        }
    }

    @Test
    void aRouteThatAnswersItselfIsNotTheUpstream() {
        var blocked = explain(server("502", "-", "direct_response")
                .replace("inbound|8080||", "-")
                .replace("default", "block_all"));
        assertThat(blocked.verdict()).isEqualTo("the proxy made this 502 itself; its upstream never got the request");
        assertThat(blocked.causes().getFirst().cause()).contains("REGISTRY_ONLY", "ServiceEntry");
        assertThat(blocked.appRan()).isEmpty();
        var configured = explain(server("404", "-", "direct_response"));
        assertThat(configured.verdict()).isEqualTo("nothing failed: the route itself answered 404");
        assertThat(configured.appRan()).hasValue(0);
        assertThat(explain(server("500", "-", "direct_response"))
                        .causes()
                        .getFirst()
                        .cause())
                .isEqualTo("a route answers this itself (directResponse of a VirtualService)");
    }

    private static String server(String status, String flags, String details) {
        return SERVER.replace(
                "502 UPE upstream_reset_before_response_started{protocol_error}", status + " " + flags + " " + details);
    }

    @Test
    void everyFlagHasACauseAndACommandByEitherName() {
        for (var flag : ResponseFlag.values()) {
            var both = flag == ResponseFlag.URX ? flag + ",UF" : flag.toString();
            for (var name : List.of(both, both.replace(flag.name(), flag.longName()))) {
                var explanation = explain(SERVER.replace(
                        "502 UPE upstream_reset_before_response_started{protocol_error}", "503 " + name + " -"));
                assertThat(explanation.causes()).as(name).isNotEmpty();
                assertThat(explanation.notes()).as(name).anyMatch(note -> note.contains(flag.sentence()));
            }
        }
    }

    @Test
    void whatOnlyACacheOrADelayFlaggedIsNoFailure() {
        for (var flag : List.of("RFCF", "DI")) {
            assertThat(explain(SERVER.replace(
                                    "502 UPE upstream_reset_before_response_started{protocol_error}",
                                    "200 " + flag + " via_upstream"))
                            .failed())
                    .as(flag)
                    .isFalse();
        }
    }

    @Test
    void withoutDetailsTheAppsTimeTellsThatTheAppAnswered() {
        var envoys = "[2026-11-22T20:00:00.123Z] \"GET / HTTP/1.1\" 500 - 0 5 3 TIME \"-\" \"-\" \"-\" \"a\" \"b:1\"";
        assertThat(explain(envoys.replace("TIME", "2")).verdict()).contains("passed a 500 on");
        assertThat(explain(envoys.replace("TIME", "-")).verdict()).contains("made this 500 itself");
    }

    @Test
    void aLineAloneTellsHowOftenTheAppRanWhereItCan() {
        assertThat(explain(CLIENT.replace("502 - via", "200 - via")).appRan()).hasValue(1);
        assertThat(explain(CLIENT).appRan()).as("it may have been retried").isEmpty();
        assertThat(explain(CLIENT.replace("502 - via", "200 URX via")).appRan()).isEmpty();
        var reader = new LogReader(LogFormat.of("%RESPONSE_CODE% %RESPONSE_FLAGS% %UPSTREAM_REQUEST_ATTEMPT_COUNT%"));
        assertThat(explain(reader, "502 URX 3").appRan()).hasValue(3);
    }

    @Test
    void usedUpRetriesAreExplainedByWhoseTheyAre() {
        assertThat(explain(CLIENT.replace("502 - via", "502 URX via")).notes())
                .contains("URX: Istio retries twice by default, so the app may have been called three times");
        var server = SERVER.replace("502 UPE", "502 URX,UPE");
        assertThat(explain(server).notes()).anyMatch(note -> note.contains("from Istio 1.24 it tries twice more"));
        assertThat(new Explainer(IstioVersion.parse("1.23"))
                        .explain(lines(server), Optional.empty())
                        .notes())
                .contains("URX at the server's sidecar: a retry policy was set for it");
    }

    @Test
    void aTransportFailureInTheReplyIsCountedToo() {
        var reason = "delayed connect error: Connection refused";
        for (boolean retried : new boolean[] {false, true}) {
            int bytes = 98 + (retried ? 23 : 0) + ", transport failure reason: ".length() + reason.length();
            var line = SERVER.replace(
                    "502 UPE upstream_reset_before_response_started{protocol_error} - \"-\" 0 87",
                    "503 UF upstream_reset_before_response_started{remote_connection_failure} - \"" + reason + "\" 0 "
                            + bytes);
            assertThat(explain(line).notes())
                    .anyMatch(note -> note.contains("the transport failure included as before Envoy 1.38.1"));
            assertThat(explain(line.replace("0 " + bytes, "0 7777")).notes())
                    .noneMatch(note -> note.contains("the transport failure included"));
        }
    }

    @Test
    void theAppsOwnErrorIsNoProxys() {
        var explanation = explain(
                SERVER.replace("502 UPE upstream_reset_before_response_started{protocol_error}", "500 - via_upstream"));
        assertThat(explanation.verdict()).isEqualTo("the server's sidecar passed a 500 on that the app itself sent");
        assertThat(explain(SERVER.replace(
                                "502 UPE upstream_reset_before_response_started{protocol_error}", "404 - via_upstream"))
                        .failed())
                .isFalse();
    }

    @Test
    void aTcpConnectionIsNoRequestThatFailed() {
        var connection =
                "[2026-11-22T20:00:00.123Z] \"- - -\" 0 FLAGS DETAILS - \"-\" 1534 2201 3003 - \"-\" \"-\" \"-\" \"-\""
                        + " \"10.0.0.9:5432\" SIDE|5432||pg 10.244.0.7:48357 10.0.0.9:5432 10.244.0.7:40012 - -";
        for (var side : List.of("outbound", "inbound")) {
            var line = connection.replace("SIDE", side).replace("DETAILS", "-");
            var clean = explain(line.replace("FLAGS", "-"));
            assertThat(clean.failed()).isFalse();
            assertThat(clean.verdict()).isEqualTo("nothing failed: a TCP connection, without HTTP");
            assertThat(clean.appRan()).isEmpty();
            assertThat(clean.causes()).isEmpty();
            var refused = explain(line.replace("FLAGS", "URX,UF"));
            assertThat(refused.verdict()).endsWith(" failed a TCP connection; it saw no HTTP request");
            assertThat(refused.causes().getFirst().cause()).startsWith("nothing listens on that port");
            assertThat(refused.notes()).noneMatch(note -> note.contains("the app may have been called"));
            assertThat(refused.appRan()).isEmpty();
        }
        assertThat(explain(connection.replace("FLAGS", "NR").replace("DETAILS", "filter_chain_not_found"))
                        .failed())
                .isTrue();
    }

    @Test
    void aTunnelThatWasClosedDidNotFail() {
        var started = " upstream_reset_after_response_started{connection_termination} - \"-\" 0 87";
        var refused = "502 UPE upstream_reset_before_response_started{protocol_error} - \"-\" 0 87";
        var websocket = explain(SERVER.replace(refused, "101 UC" + started));
        assertThat(websocket.failed()).isFalse();
        assertThat(websocket.verdict()).isEqualTo("nothing failed: a tunnel (101) that its upstream closed");
        assertThat(websocket.notes()).isEmpty();
        assertThat(websocket.causes()).isEmpty();
        assertThat(explain(SERVER.replace(refused, "200 DC downstream_remote_disconnect - \"-\" 0 87")
                                .replace("GET", "CONNECT"))
                        .verdict())
                .isEqualTo("nothing failed: a tunnel (200) that the client closed");
        var cut = explain(SERVER.replace(refused, "200 UC" + started));
        assertThat(cut.failed()).isTrue();
        assertThat(cut.notes()).noneMatch(note -> note.endsWith("before a single byte"));
        assertThat(explain(SERVER.replace(refused, "101 UC,XYZ" + started)).failed())
                .isTrue();
    }

    @Test
    void aClientThatLeftBeforeTheResponseIsNoTcpConnection() {
        var left = explain(SERVER.replace(
                "502 UPE upstream_reset_before_response_started{protocol_error} - \"-\" 0 87",
                "0 DC downstream_remote_disconnect - \"-\" 0 0"));
        assertThat(left.failed()).isTrue();
        assertThat(left.verdict()).isEqualTo("the server's sidecar saw the client leave before there was a response");
        assertThat(left.appRan()).hasValue(1);
        var two = new LogReader(LogFormat.of("%RESPONSE_CODE% %RESPONSE_FLAGS%"));
        assertThat(explain(two, "0 DC").verdict()).contains("saw the client leave");
    }

    @Test
    void whatALogSaysIsQuotedInACommand() {
        var explanation = explain(SERVER.replace("/wrong", "/a'$(reboot)"));
        assertThat(explanation.causes().getFirst().next())
                .isEqualTo("upstream-reset probe 'http://10.244.0.7:8080/a'\\''$(reboot)'");
    }

    private static Explanation explain(String... lines) {
        return new Explainer(Optional.empty()).explain(lines(lines), Optional.empty());
    }

    private static Explanation explain(LogReader reader, String line) {
        return new Explainer(Optional.empty()).explain(List.of((LogLine.Access) reader.read(line)), Optional.empty());
    }

    private static List<LogLine.Access> lines(String... lines) {
        var reader = new LogReader();
        return Arrays.stream(lines)
                .map(line -> (LogLine.Access) reader.read(line))
                .toList();
    }
}
