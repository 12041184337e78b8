// SPDX-License-Identifier: Apache-2.0
package upstreamreset.explain;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import upstreamreset.accesslog.LogLine;
import upstreamreset.accesslog.LogReader;

/** Which causes stand first, and which command each is followed by. */
class CausesTest {
    private static final String BEFORE = "upstream_reset_before_response_started";
    private static final String TERMINATION = "503 UC " + BEFORE + "{connection_termination}";

    private Optional<IstioVersion> version = Optional.empty();
    private boolean codecSaid;

    @Test
    void aRefusedHeadIsADoubledHeaderFirst() {
        assertThat(next("502 UPE " + BEFORE + "{protocol_error}", "inbound|8080||", "3"))
                .containsExactly(
                        "upstream-reset probe http://10.244.0.7:8080/wrong",
                        "kubectl exec http-chunked-0 -c istio-proxy -- pilot-agent request POST"
                                + " 'logging?paths=client:debug'",
                        "kubectl debug http-chunked-0 --image=IMAGE-WITH-TCPDUMP --profile=netadmin -- tcpdump -i lo -w -"
                                + " port 8080 > app.pcap; upstream-reset inspect app.pcap",
                        "istioctl experimental describe pod http-chunked-0");
    }

    @Test
    void whatTheCodecSaidNeedsNoGuess() {
        codecSaid = true;
        assertThat(next("502 UPE " + BEFORE + "{protocol_error}", "inbound|8080||", "3"))
                .isEmpty();
    }

    @Test
    void theClientsSidecarRefusesOnlyWhereNoOtherStoodBefore() {
        assertThat(next("502 UPE " + BEFORE + "{protocol_error}", "outbound|8080||a", "3"))
                .first()
                .asString()
                .startsWith("kubectl logs SERVER-POD");
    }

    @Test
    void aCutBodyIsACaptureAway() {
        assertThat(causes("200 UPE upstream_reset_after_response_started{protocol_error}", "inbound|8080||", "3"))
                .singleElement()
                .satisfies(cause -> assertThat(cause.cause()).startsWith("the body breaks off"));
    }

    @Test
    void aClosedConnectionIsARaceAtOnceAndACrashLater() {
        assertThat(starts(TERMINATION, "9"))
                .containsExactly(
                        "a keep-alive race",
                        "the app closed the con",
                        "the port expects TLS a",
                        "if this is Istio befor");
        assertThat(starts(TERMINATION, "10"))
                .containsExactly(
                        "the app closed the con",
                        "a keep-alive race",
                        "the port expects TLS a",
                        "if this is Istio befor");
        assertThat(causes(TERMINATION, "inbound|8080||", "10").getFirst().cause())
                .contains(" after 10 ms:");
        assertThat(causes(TERMINATION, "inbound|8080||", "9").get(1).cause()).doesNotContain(" ms:");
    }

    @Test
    void beforeIstio110AClosedConnectionMayHaveBeenABadResponse() {
        version = IstioVersion.parse("1.9");
        assertThat(starts(TERMINATION, "3")).first().isEqualTo("the response has Trans");
        assertThat(starts(TERMINATION, "3")).last().isEqualTo("or no byte came at all");
        version = IstioVersion.parse("1.10");
        assertThat(starts(TERMINATION, "3")).hasSize(3).first().isEqualTo("a keep-alive race");
    }

    @Test
    void whyAConnectionWasNotMadeIsReadFromTheTransportsWords() {
        var failure = "503 UF " + BEFORE + "{remote_connection_failure|WORDS}";
        for (var words : List.of("TLS_error:_Secret_is_not_supplied", "CERTIFICATE_VERIFY_FAILED")) {
            assertThat(starts(failure.replace("WORDS", words), "3")).containsExactly("the TLS handshake fail");
        }
        assertThat(starts(failure.replace("WORDS", "delayed_connect_error:_111"), "3"))
                .containsExactly("nothing listens on tha");
        assertThat(starts("503 UF " + BEFORE + "{connection_timeout}", "3")).containsExactly("nobody answers at that");
    }

    @Test
    void whatWasPassedOnIsLookedForOneHopFurther() {
        assertThat(next("502 - via_upstream", "outbound|8080||a", "3"))
                .containsExactly("kubectl logs SERVER-POD -c istio-proxy | grep -F -- id-1 | upstream-reset explain");
        assertThat(causes("502 - via_upstream", "mine", "3").getFirst().cause())
                .startsWith("the upstream sent this status itself");
        assertThat(next("500 - via_upstream", "inbound|8080||", "3"))
                .containsExactly("kubectl logs http-chunked-0 --all-containers --previous --timestamps");
    }

    @Test
    void detailsWithoutAFlagAreACauseToo() {
        assertThat(causes("403 - rbac_access_denied_matched_policy[none]", "inbound|8080||", "3"))
                .containsExactly(new Cause(
                        "an authorization policy refused the request",
                        "kubectl logs http-chunked-0 -c istio-proxy --timestamps"));
    }

    private List<String> next(String what, String cluster, String duration) {
        return causes(what, cluster, duration).stream().map(Cause::next).toList();
    }

    private List<String> starts(String what, String duration) {
        return causes(what, "inbound|8080||", duration).stream()
                .map(Cause::cause)
                .map(cause -> cause.startsWith("a keep-alive race") ? "a keep-alive race" : cause.substring(0, 22))
                .toList();
    }

    private List<Cause> causes(String what, String cluster, String duration) {
        var line = "[pod/http-chunked-0/istio-proxy] [2026-11-22T20:00:00.123Z] \"GET /wrong HTTP/1.1\" " + what
                + " - \"-\" 0 1 " + duration + " - \"-\" \"-\" \"id-1\" \"a\" \"10.244.0.7:8080\" " + cluster
                + " 127.0.0.6:48357 10.244.0.7:8080 10.244.0.9:40012 - default";
        var access = (LogLine.Access) new LogReader().read(line);
        return Causes.of(Hop.of(access), version, codecSaid);
    }
}
