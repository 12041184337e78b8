// SPDX-License-Identifier: Apache-2.0
package upstreamreset.explain;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import upstreamreset.accesslog.AccessLogEntry;
import upstreamreset.accesslog.LogLines;
import upstreamreset.accesslog.LogReader;
import upstreamreset.scrap.ScrapCauses;

/** What is said of text that is no log line. */
class ScrapExplanationTest {
    private static LogDigest digest(String text) {
        var digest = new LogDigest(new LogReader(), new Explainer(IstioVersion.UNKNOWN));
        text.lines().forEach(digest::add);
        return digest;
    }

    private static ScrapExplanation explain(String text) {
        var found = digest(text).scraps();
        assertThat(found).hasSize(1);
        return found.getFirst().explanation();
    }

    private static List<String> ids(ScrapExplanation explanation) {
        return explanation.causes().stream().map(Cause::id).toList();
    }

    @ParameterizedTest
    @CsvSource(delimiterString = " => ", textBlock = """
            upstream connect error or disconnect/reset before headers. reset reason: connection failure, transport failure reason: delayed connect error: 111 => connection-refused
            upstream connect error or disconnect/reset before headers. reset reason: connection failure, transport failure reason: delayed connect error: 113 => no-route-to-host
            upstream connect error or disconnect/reset before headers. reset reason: connection failure, transport failure reason: delayed connect error: 101 => network-unreachable
            upstream connect error or disconnect/reset before headers. reset reason: remote connection failure, transport failure reason: delayed connect error: Connection refused => connection-refused
            upstream connect error or disconnect/reset before headers. reset reason: connection failure, transport failure reason: TLS error: 268435703:SSL routines:OPENSSL_internal:WRONG_VERSION_NUMBER => tls-plain-text-peer
            upstream connect error or disconnect/reset before headers. retried and the latest reset reason: connection timeout, transport failure reason: TLS_error:|268435581:SSL routines:OPENSSL_internal:CERTIFICATE_VERIFY_FAILED:TLS_error_end => tls-not-trusted
            upstream connect error or disconnect/reset before headers. reset reason: connection timeout => connect-timeout
            upstream connect error or disconnect/reset before headers. reset reason: overflow => circuit-breaker
            upstream connect error or disconnect/reset before headers. reset reason: protocol error => duplicate-transfer-encoding
            upstream connect error or disconnect/reset before headers. reset reason: connection termination => app-closed
            upstream connect error or disconnect/reset before headers. reset reason: remote reset => upstream-reset-stream
            rpc error: code = Unavailable desc = upstream connect error or disconnect/reset before headers. reset reason: protocol error => invalid-http2-response
            UPE => duplicate-transfer-encoding
            rf=UPE => duplicate-transfer-encoding
            UpstreamProtocolError => duplicate-transfer-encoding
            503 UH => no-healthy-upstream
            0 DC => client-left
            upstream_reset_before_response_started{remote_connection_failure|delayed_connect_error:_Connection_refused} => connection-refused
            upstream_reset_after_response_started{protocol_error} => broken-body
            stream timeout => stream-idle-timeout
            upstream_response_timeout => upstream-timeout
            ext_authz_denied => external-authorization
            route_not_found => no-route
            downstream_remote_disconnect => client-left
            http1.codec_error => invalid-client-request
            hyper::Error(Parse(Header(Token))) => missing-colon
            The server returned an invalid or unrecognized response. => invalid-response-head
            nginx: upstream sent duplicate header line: "Transfer-Encoding: chunked" => duplicate-transfer-encoding
            """)
    void theFirstCauseIsTheLikeliest(String text, String id) {
        var explanation = explain(text);
        assertThat(ids(explanation)).first().isEqualTo(id);
        assertThat(explanation.failed()).isTrue();
    }

    @Test
    void aRetryMayHaveReachedTheApp() {
        var once = "upstream connect error or disconnect/reset before headers. reset reason: overflow";
        assertThat(explain(once).appRan()).hasValue(0);
        assertThat(explain(once.replace("reset reason", "retried and the latest reset reason"))
                        .appRan())
                .isEmpty();
        assertThat(explain("RBAC: access denied").appRan()).hasValue(0);
        assertThat(explain("no healthy upstream").appRan()).isEmpty();
        assertThat(explain("503 UH").appRan()).as("the flag may be a retry's").isEmpty();
        assertThat(explain("404 NR").appRan()).hasValue(0);
        assertThat(explain("UC").appRan()).isEqualTo(OptionalInt.empty());
    }

    @Test
    void aFlagAloneLeavesOpenWhenTheExchangeBroke() {
        assertThat(ids(explain("UPE"))).contains("duplicate-transfer-encoding", "broken-body");
        assertThat(ids(explain("502 UPE")))
                .contains("duplicate-transfer-encoding")
                .doesNotContain("broken-body");
    }

    @Test
    void theCodecsWordsNameTheRules() {
        var digest = digest("unsupported transfer encoding");
        assertThat(digest.unclaimedRefusals())
                .singleElement()
                .satisfies(refusal -> assertThat(refusal.rules()).isNotEmpty());
        assertThat(digest.hasScraps()).isFalse();
    }

    @Test
    void aResponseWithTwoTransferEncodingsIsTheProof() {
        var explanation = explain("""
                < HTTP/1.1 200 OK
                < Transfer-Encoding: chunked
                < Transfer-Encoding: chunked
                <
                """);
        assertThat(ids(explanation)).containsExactly("duplicate-transfer-encoding");
        assertThat(explanation.verdict()).contains("502 UPE");
    }

    @Test
    void theServiceTimeTellsWhichHopMadeTheReply() {
        var own = """
                < HTTP/1.1 503 Service Unavailable
                < server: istio-envoy
                <
                upstream connect error or disconnect/reset before headers. reset reason: connection termination
                """;
        assertThat(explain(own).verdict()).contains("the Envoy that answered made this 503 itself");
        assertThat(explain(own.replace("< server", "< x-envoy-upstream-service-time: 5\n< server"))
                        .verdict())
                .contains("one hop beyond the proxy that answered");
    }

    @Test
    void aReplyWithoutBodyIsKnownByItsLength() {
        var explanation = explain("HTTP/1.1 502 Bad Gateway\ncontent-length: 87\nserver: envoy\n\n");
        assertThat(explanation.verdict()).contains("protocol error");
        assertThat(ids(explanation)).first().isEqualTo("duplicate-transfer-encoding");
    }

    @Test
    void whatTheAppAnsweredIsNoReplyOfEnvoys() {
        assertThat(ids(explain("HTTP/1.1 500 Internal Server Error\nserver: gunicorn\n\n")))
                .containsExactly("app-answered");
        assertThat(ids(explain(
                        "HTTP/1.1 500 Internal Server Error\nserver: envoy\nx-envoy-upstream-service-time: 3\n\n")))
                .containsExactly("next-hop");
        assertThat(explain("HTTP/2 200\nserver: envoy\nx-envoy-upstream-service-time: 3\n\nhello")
                        .failed())
                .isFalse();
    }

    @Test
    void proxyStatusHoldsTheDetails() {
        assertThat(ids(explain("""
                HTTP/1.1 502 Bad Gateway
                proxy-status: envoy; error=http_protocol_error; details="upstream_reset_before_response_started{protocol_error}; UPE"

                """))).first().isEqualTo("duplicate-transfer-encoding");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "503 UC",
                "RBAC: access denied",
                "upstream connect error or disconnect/reset before headers. reset reason: protocol error",
                "HTTP/1.1 503 Service Unavailable\nserver: envoy\n\n",
                "HTTP/1.1 200 OK\nTransfer-Encoding: chunked\nTransfer-Encoding: chunked\n\n",
                "cluster.x.upstream_cx_protocol_error: 3"
            })
    void theCommandsNameTheGivenPlace(String text) {
        var digest = new LogDigest(new LogReader(), new Explainer(IstioVersion.UNKNOWN, new Place("shop", "web-0")));
        text.lines().forEach(digest::add);
        assertThat(digest.scraps())
                .singleElement()
                .satisfies(scrap -> assertThat(scrap.explanation().causes())
                        .isNotEmpty()
                        .allSatisfy(cause -> assertThat(cause.next())
                                .contains("shop", "web-0")
                                .doesNotContain("NAMESPACE", "POD")));
    }

    @Test
    void theCommandsNameTheServiceOfACounter() {
        assertThat(explain("cluster.outbound|80||web.shop.svc.cluster.local.upstream_rq_rx_reset: 4")
                        .causes()
                        .getFirst()
                        .next())
                .startsWith("kubectl -n shop ");
        assertThat(explain("cluster.inbound|8080||.upstream_cx_protocol_error: 12")
                        .causes()
                        .getFirst()
                        .next())
                .contains(" 18080:8080 ");
    }

    @Test
    void whatALineSaysItselfIsNoScrap() {
        var debug = "2026-11-22T20:00:00.123556Z\tdebug\tenvoy http [C4] Sending local reply with details"
                + " upstream_reset_before_response_started{protocol_error}";
        assertThat(digest(debug).scraps()).hasSize(1);
        assertThat(digest(debug + "\n" + LogLines.server().line()).scraps()).isEmpty();
        assertThat(digest(debug + "\n" + LogLines.server().terminated().line()).scraps())
                .as("another request's")
                .hasSize(1);
    }

    @Test
    void aScrapOfAKindIsShownOnce() {
        var out = new StringWriter();
        var digest = digest("java.io.IOException: Connection reset\n".repeat(3) + "at a.b.C(D.java:1)\n");
        new ExplanationText(new PrintWriter(out)).print(digest);
        assertThat(out.toString()).contains("(3 times)").containsOnlyOnce("likely causes");
    }

    @Test
    void everyCauseThatASayingNamesIsInTheCatalogue() {
        assertThat(new ScrapExplainer(new Explainer(IstioVersion.UNKNOWN))
                        .causes(ScrapCauses.all(), new AccessLogEntry(Map.of())))
                .isNotEmpty()
                .allSatisfy(cause -> assertThat(cause.cause()).isNotBlank());
    }
}
