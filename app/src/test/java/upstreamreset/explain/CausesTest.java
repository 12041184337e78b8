// SPDX-License-Identifier: Apache-2.0
package upstreamreset.explain;

import static org.assertj.core.api.Assertions.assertThat;
import static upstreamreset.accesslog.LogLines.RESET_AFTER;
import static upstreamreset.accesslog.LogLines.RESET_BEFORE;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import upstreamreset.accesslog.LogField;
import upstreamreset.accesslog.LogFormat;
import upstreamreset.accesslog.LogLine;
import upstreamreset.accesslog.LogLines;
import upstreamreset.accesslog.LogReader;

/** Which causes stand first, and which command each is followed by. */
class CausesTest {
    private static final LogLines REFUSED = LogLines.server().id("id-1");
    private static final LogLines TERMINATED = LogLines.server().terminated();

    private IstioVersion version = IstioVersion.UNKNOWN;

    @Test
    void aRefusedHeadIsADoubledHeaderFirst() {
        assertThat(next(REFUSED))
                .containsExactly(
                        "kubectl -n NAMESPACE port-forward pod/http-chunked-0 18080:8080 >/dev/null & sleep 3;"
                                + " kill -0 $! && upstream-reset probe http://127.0.0.1:18080/wrong; kill $!",
                        "kubectl -n NAMESPACE exec http-chunked-0 -c istio-proxy -- pilot-agent request POST"
                                + " 'logging?paths=client:debug,http2:debug'",
                        "kubectl -n NAMESPACE debug -i -q http-chunked-0 -c tcpdump-$(date +%s)"
                                + " --image=docker.io/nicolaka/netshoot:v0.14 --profile=netadmin -- sh -c 'sleep 5; timeout 60 tcpdump"
                                + " -i lo -s 0 -U -w - tcp port 8080' > app.pcap; upstream-reset inspect app.pcap",
                        "istioctl experimental describe pod http-chunked-0 -n NAMESPACE");
    }

    @Test
    void whatTheCodecSaidNeedsNoGuess() {
        assertThat(causes(hop(REFUSED), CodecRefusal.of(new CodecSaid("unsupported transfer encoding", ""), 502)))
                .isEmpty();
    }

    @Test
    void theClientsSidecarRefusesOnlyWhereNoOtherStoodBefore() {
        assertThat(next(REFUSED.with(LogField.UPSTREAM_CLUSTER, "outbound|8080||a")))
                .first()
                .asString()
                .startsWith("kubectl -n NAMESPACE logs SERVER-POD");
    }

    @Test
    void aCutBodyIsACaptureAway() {
        assertThat(causes(REFUSED.status(200).details(RESET_AFTER + "{protocol_error}")))
                .singleElement()
                .satisfies(cause -> assertThat(cause.cause()).startsWith("the body breaks off"));
    }

    @Test
    void aClosedConnectionIsARaceAtOnceAndACrashLater() {
        assertThat(ids(TERMINATED.duration(9))).containsExactly("keep-alive-race", "app-closed", "tls-expected");
        assertThat(ids(TERMINATED.duration(10))).containsExactly("app-closed", "keep-alive-race", "tls-expected");
        assertThat(causes(TERMINATED.duration(10)).getFirst().cause()).endsWith(", after 10 ms");
        assertThat(causes(TERMINATED.duration(9)).get(1).cause()).doesNotContain(" ms");
    }

    @Test
    void aLineWithDetailsIsNotOlderThanIstio19() {
        var old = new LogReader().read(TERMINATED.line(LogFormat.OLD_ISTIO));
        assertThat(causes(Hop.of((LogLine.Access) old), null))
                .extracting(Cause::id)
                .contains("old-protocol-error");
        assertThat(ids(TERMINATED)).doesNotContain("old-protocol-error");
        var envoys = new LogReader().read(TERMINATED.line(LogFormat.ENVOY));
        assertThat(causes(Hop.of((LogLine.Access) envoys), null))
                .extracting(Cause::id)
                .as("Envoy's own format is not Istio's")
                .doesNotContain("old-protocol-error");
    }

    @Test
    void noRaceLastsASecond() {
        assertThat(ids(TERMINATED.duration(120_001))).containsExactly("app-timeout", "app-closed");
    }

    @Test
    void beforeIstio110AClosedConnectionMayHaveBeenABadResponse() {
        version = IstioVersion.parse("1.9").orElseThrow();
        assertThat(ids(TERMINATED)).startsWith("duplicate-transfer-encoding").endsWith("app-closed", "tls-expected");
        version = IstioVersion.parse("1.10").orElseThrow();
        assertThat(ids(TERMINATED)).hasSize(3).startsWith("keep-alive-race");
    }

    /** The words that Envoy 1.36 and 1.40 wrote of servers that refuse, speak plain text, send alerts, close, or have another name. */
    @ParameterizedTest
    @CsvSource(delimiter = ';', textBlock = """
            delayed_connect_error:_111; connection-refused
            delayed_connect_error:_Connection_refused; connection-refused
            delayed_connect_error:_113; no-route-to-host
            delayed_connect_error:_No_route_to_host; no-route-to-host
            delayed_connect_error:_101; network-unreachable
            immediate_connect_error:_Network_is_unreachable; network-unreachable
            delayed_connect_error:_Connection_timed_out; connect-timeout
            delayed_connect_error:_Connection_reset_by_peer; connection-reset-at-connect
            TLS_error:_Secret_is_not_supplied_by_SDS; tls-no-certificate
            TLS_error:|268435703:SSL_routines:OPENSSL_internal:WRONG_VERSION_NUMBER:TLS_error_end; tls-plain-text-peer
            TLS_error:_268435703:SSL_routines:OPENSSL_internal:WRONG_VERSION_NUMBER; tls-plain-text-peer
            TLS_error:|268436496:SSL_routines:OPENSSL_internal:SSLV3_ALERT_HANDSHAKE_FAILURE:TLS_error_end; tls-peer-alert
            TLS_error:|268436526:SSL_routines:OPENSSL_internal:TLSV1_ALERT_PROTOCOL_VERSION:TLS_error_end; tls-peer-alert
            TLS_error:|33554536:system_library:OPENSSL_internal:Connection_reset_by_peer:TLS_error_end; tls-reset
            TLS_error:|268435581:SSL_routines:OPENSSL_internal:CERTIFICATE_VERIFY_FAILED:TLS_error_end; tls-not-trusted/tls-name-mismatch
            TLS_error:|268435581:SSL_routines:OPENSSL_internal:CERTIFICATE_VERIFY_FAILED:verify_cert_failed:_SAN_matcher,_certificate_SANs_are_[good.example]:TLS_error_end; tls-name-mismatch
            TLS_error:|268435581:SSL_routines:OPENSSL_internal:CERTIFICATE_VERIFY_FAILED:verify_cert_failed:_X509_verify_cert:_certificate_verification_error_at_depth_0:_unable_to_get_local_issuer_certificate:TLS_error_end; tls-not-trusted
            TLS_error:|268435581:SSL_routines:OPENSSL_internal:CERTIFICATE_VERIFY_FAILED:verify_cert_failed:_X509_verify_cert:_certificate_verification_error_at_depth_0:_certificate_has_expired:TLS_error_end; tls-certificate-expired
            """)
    void whyAConnectionWasNotMadeIsReadFromTheTransportsWords(String words, String id) {
        var failure = LogLines.server().status(503).flags("UF");
        var expected = id.split("/", -1);
        assertThat(ids(failure.details(RESET_BEFORE + "{remote_connection_failure|" + words + "}")))
                .containsExactly(expected);
        assertThat(ids(failure.with(LogField.UPSTREAM_TRANSPORT_FAILURE_REASON, words.replace('_', ' '))))
                .containsExactly(expected);
    }

    @Test
    void withoutWordsTheDetailsOrTheTimeTellWhyAConnectionWasNotMade() {
        var failure = LogLines.server().status(503).flags("UF");
        assertThat(ids(failure.details(RESET_BEFORE + "{remote_connection_failure}")))
                .as("as Envoy 1.40 wrote it of a server that closed in the TLS handshake")
                .containsExactly("tls-reset");
        assertThat(ids(failure.details(RESET_BEFORE + "{connection_timeout}"))).containsExactly("connect-timeout");
        assertThat(ids(failure.details(RESET_BEFORE + "{local_connection_failure}")))
                .containsExactly("local-connection-failure");
        var silent = failure.details(RESET_BEFORE + "{connection_failure}");
        assertThat(ids(silent.duration(2))).startsWith("connection-refused");
        assertThat(ids(silent.duration(55))).containsExactly("connection-failed");
        assertThat(ids(silent.duration(1_000))).containsExactly("connect-timeout");
    }

    @Test
    void whatWasPassedOnIsLookedForOneHopFurther() {
        assertThat(next(LogLines.client().id("id-1")))
                .containsExactly(
                        "kubectl -n default logs SERVER-POD -c istio-proxy | grep -F -- id-1 | upstream-reset explain");
        assertThat(causes(LogLines.client().with(LogField.UPSTREAM_CLUSTER, "mine"))
                        .getFirst()
                        .cause())
                .startsWith("the next hop or the app made it");
        assertThat(next(LogLines.server().passedOn(500)))
                .containsExactly(
                        "kubectl -n NAMESPACE describe pod http-chunked-0; kubectl -n NAMESPACE logs http-chunked-0"
                                + " --all-containers --previous --timestamps");
    }

    @Test
    void detailsWithoutAFlagAreACauseToo() {
        assertThat(causes(LogLines.server().status(403).flags("-").details("rbac_access_denied_matched_policy[none]")))
                .containsExactly(new Cause(
                        "authorization-policy",
                        "an authorization policy refused the request",
                        "kubectl -n NAMESPACE exec http-chunked-0 -c istio-proxy -- pilot-agent request POST"
                                + " 'logging?paths=rbac:debug'"));
    }

    private List<String> next(LogLines line) {
        return causes(line).stream().map(Cause::next).toList();
    }

    private List<String> ids(LogLines line) {
        return causes(line).stream().map(Cause::id).toList();
    }

    private List<Cause> causes(LogLines line) {
        return causes(hop(line), null);
    }

    private List<Cause> causes(Hop hop, @Nullable CodecRefusal refusal) {
        return new Causes(hop, new NextCommand(hop, Place.UNKNOWN), version, Optional.ofNullable(refusal)).ranked();
    }

    private static Hop hop(LogLines line) {
        return Hop.of(new LogLine.Access(line.entry(), "http-chunked-0"));
    }
}
