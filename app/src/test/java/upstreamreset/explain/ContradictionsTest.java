// SPDX-License-Identifier: Apache-2.0
package upstreamreset.explain;

import static org.assertj.core.api.Assertions.assertThat;
import static upstreamreset.accesslog.LogLines.RESET_BEFORE;

import java.util.List;
import org.junit.jupiter.api.Test;
import upstreamreset.accesslog.LogField;
import upstreamreset.accesslog.LogLines;

/** A line that no Envoy writes is told to be one, and nothing is concluded from it. */
class ContradictionsTest {
    private static final LogLines LINE = LogLines.server();

    @Test
    void aFlagThatIsNotItsReasons() {
        told(
                LINE.terminated().details(RESET_BEFORE + "{protocol_error}"),
                "the flag UC is not set for \"protocol error\"");
        told(LINE.terminated().flags("URX,UF"), "the flag UF is not set for \"connection termination\"");
        for (var flags : List.of("UC", "URX,UC", "URX", "XYZ", "UpstreamConnectionTermination")) {
            notTold(LINE.terminated().flags(flags));
        }
        notTold(LINE.terminated().details(RESET_BEFORE + "{my_reason}"));
    }

    @Test
    void aResponseOfAnUpstreamThatWasNotReached() {
        for (var flag : List.of("UF", "UH", "NR", "NC")) {
            told(
                    LINE.passedOn(503).flags(flag).bytes(0),
                    "the flag " + flag
                            + " says that no upstream was reached, and the details that it sent the response");
        }
        // The limit of retries sets UO, and the response is passed on.
        for (var flag : List.of("UO", "URX", "DC", "RLSE")) {
            notTold(LINE.passedOn(503).flags(flag));
        }
    }

    @Test
    void theProxysOwnReplyThatCameFromTheUpstream() {
        told(
                LINE.passedOn(502).flags("UPE").bytes(87),
                "the flag and the 87 bytes are those of the proxy's own reply (\"protocol error\")");
        notTold(LINE.passedOn(502).flags("UPE").bytes(4096));
        told(
                LINE.terminated().with(LogField.UPSTREAM_SERVICE_TIME, "1"),
                "the proxy made the response itself, and yet the upstream's time to send it is given");
        told(LINE.terminated().status(404), "Envoy's own reply to a broken exchange is 503 or 502, not 404");
        notTold(LINE.terminated().status(500));
    }

    @Test
    void anUpstreamThatTookLongerThanTheRequest() {
        told(
                LINE.passedOn(500).duration(5).with(LogField.UPSTREAM_SERVICE_TIME, "300"),
                "the upstream cannot have taken 300 ms of a request that took 5 ms");
        notTold(LINE.passedOn(500).duration(5).with(LogField.UPSTREAM_SERVICE_TIME, "6"));
    }

    @Test
    void aConnectTimeoutThatWasTooShort() {
        var timeout = LINE.status(503)
                .flags("UF")
                .details(RESET_BEFORE + "{connection_timeout}")
                .bytes(91);
        told(timeout.duration(2), "no connect timeout is as short as 2 ms");
        notTold(timeout.duration(500));
    }

    @Test
    void aBodyWithoutAStatus() {
        var left = LINE.status(0).flags("DC").details("downstream_remote_disconnect");
        told(left.bytes(87), "87 bytes of a body cannot have been sent without a status");
        notTold(left.bytes(0));
    }

    @Test
    void a200ThatHadNotBegunIsAGrpcCallsOrNone() {
        var reply = LINE.terminated().status(200).bytes(0);
        told(reply, "Envoy logs that only for a gRPC call, which is a POST");
        notTold(reply.with(LogField.METHOD, "POST"));
    }

    private static void told(LogLines line, String words) {
        var explanation = explain(line);
        assertThat(explanation.contradictions()).singleElement().asString().contains(words);
        assertThat(explanation.verdict())
                .startsWith("the line of the server's sidecar contradicts itself, so it does not tell what happened: ")
                .contains(words);
        assertThat(explanation.appRan()).isEmpty();
    }

    private static void notTold(LogLines line) {
        assertThat(explain(line).contradictions()).as(line.line()).isEmpty();
    }

    private static Explanation explain(LogLines line) {
        return new Explainer(IstioVersion.UNKNOWN).explain(List.of(Hop.of(line.access())), CodecSaid.NOTHING);
    }
}
