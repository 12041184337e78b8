// SPDX-License-Identifier: Apache-2.0
package upstreamreset.explain;

import static org.assertj.core.api.Assertions.assertThat;
import static upstreamreset.accesslog.LogLines.RESET_AFTER;
import static upstreamreset.accesslog.LogLines.RESET_BEFORE;

import java.util.List;
import org.junit.jupiter.api.Test;
import upstreamreset.accesslog.LogField;
import upstreamreset.accesslog.LogLine;
import upstreamreset.accesslog.LogLines;

/** Which causes stand first, and which command each is followed by. */
class CausesTest {
    private static final LogLines REFUSED = LogLines.server().id("id-1");
    private static final LogLines TERMINATED = LogLines.server().terminated();

    private IstioVersion version = IstioVersion.UNKNOWN;

    @Test
    void aRefusedHeadIsADoubledHeaderFirst() {
        assertThat(next(REFUSED))
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
        assertThat(Causes.of(hop(REFUSED), version, true)).isEmpty();
    }

    @Test
    void theClientsSidecarRefusesOnlyWhereNoOtherStoodBefore() {
        assertThat(next(REFUSED.with(LogField.UPSTREAM_CLUSTER, "outbound|8080||a")))
                .first()
                .asString()
                .startsWith("kubectl logs SERVER-POD");
    }

    @Test
    void aCutBodyIsACaptureAway() {
        assertThat(causes(REFUSED.status(200).details(RESET_AFTER + "{protocol_error}")))
                .singleElement()
                .satisfies(cause -> assertThat(cause.cause()).startsWith("the body breaks off"));
    }

    @Test
    void aClosedConnectionIsARaceAtOnceAndACrashLater() {
        assertThat(starts(TERMINATED.duration(9)))
                .containsExactly(
                        "a keep-alive race",
                        "the app closed the con",
                        "the port expects TLS a",
                        "if this is Istio befor");
        assertThat(starts(TERMINATED.duration(10)))
                .containsExactly(
                        "the app closed the con",
                        "a keep-alive race",
                        "the port expects TLS a",
                        "if this is Istio befor");
        assertThat(causes(TERMINATED.duration(10)).getFirst().cause()).contains(" after 10 ms:");
        assertThat(causes(TERMINATED.duration(9)).get(1).cause()).doesNotContain(" ms:");
    }

    @Test
    void beforeIstio110AClosedConnectionMayHaveBeenABadResponse() {
        version = IstioVersion.parse("1.9").orElseThrow();
        assertThat(starts(TERMINATED)).first().isEqualTo("the response has Trans");
        assertThat(starts(TERMINATED)).last().isEqualTo("or no byte came at all");
        version = IstioVersion.parse("1.10").orElseThrow();
        assertThat(starts(TERMINATED)).hasSize(3).first().isEqualTo("a keep-alive race");
    }

    @Test
    void whyAConnectionWasNotMadeIsReadFromTheTransportsWords() {
        var failure = LogLines.server().status(503).flags("UF");
        for (var words : List.of("TLS_error:_Secret_is_not_supplied", "CERTIFICATE_VERIFY_FAILED")) {
            assertThat(starts(failure.details(RESET_BEFORE + "{remote_connection_failure|" + words + "}")))
                    .containsExactly("the TLS handshake fail");
        }
        assertThat(starts(failure.details(RESET_BEFORE + "{remote_connection_failure|delayed_connect_error:_111}")))
                .containsExactly("nothing listens on tha");
        assertThat(starts(failure.details(RESET_BEFORE + "{connection_timeout}")))
                .containsExactly("nobody answers at that");
    }

    @Test
    void whatWasPassedOnIsLookedForOneHopFurther() {
        assertThat(next(LogLines.client().id("id-1")))
                .containsExactly("kubectl logs SERVER-POD -c istio-proxy | grep -F -- id-1 | upstream-reset explain");
        assertThat(causes(LogLines.client().with(LogField.UPSTREAM_CLUSTER, "mine"))
                        .getFirst()
                        .cause())
                .startsWith("the upstream sent this status itself");
        assertThat(next(LogLines.server().passedOn(500)))
                .containsExactly("kubectl logs http-chunked-0 --all-containers --previous --timestamps");
    }

    @Test
    void detailsWithoutAFlagAreACauseToo() {
        assertThat(causes(LogLines.server().status(403).flags("-").details("rbac_access_denied_matched_policy[none]")))
                .containsExactly(new Cause(
                        "an authorization policy refused the request",
                        "kubectl logs http-chunked-0 -c istio-proxy --timestamps"));
    }

    private List<String> next(LogLines line) {
        return causes(line).stream().map(Cause::next).toList();
    }

    private List<String> starts(LogLines line) {
        return causes(line).stream()
                .map(Cause::cause)
                .map(cause -> cause.startsWith("a keep-alive race") ? "a keep-alive race" : cause.substring(0, 22))
                .toList();
    }

    private List<Cause> causes(LogLines line) {
        return Causes.of(hop(line), version, false);
    }

    private static Hop hop(LogLines line) {
        return Hop.of(new LogLine.Access(line.entry(), "http-chunked-0"));
    }
}
