// SPDX-License-Identifier: Apache-2.0
package upstreamreset.probe;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import upstreamreset.http1.Rule;
import upstreamreset.origin.RawOrigin;
import upstreamreset.scenario.WireScript;
import upstreamreset.scenario.WireStep;
import upstreamreset.verdict.Finding;
import upstreamreset.wire.Bytes;

/** Probes servers that play a script, and is patient with them unless told otherwise. */
final class Probed {
    static final ProbeRequest GET = new ProbeRequest("GET", List.of(), Bytes.EMPTY);
    static final String GOOD = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";

    private Probed() {}

    static ProbeResult probe(String response, WireStep... last) throws IOException {
        return probe(script(response, last), GET, 1 << 20);
    }

    static ProbeResult probe(WireScript script, ProbeRequest request, long bytes) throws IOException {
        return probe(script, request, limits(bytes));
    }

    /** Gives the server no more than {@code timeout}, for what does not come. */
    static ProbeResult probe(Duration timeout, String response, WireStep... last) throws IOException {
        return probe(timeout, script(response, last));
    }

    /** The same for a script. */
    static ProbeResult probe(Duration timeout, WireScript script) throws IOException {
        return probe(script, GET, new Limits(timeout, 1 << 20, false));
    }

    static ProbeResult probe(WireScript script, ProbeRequest request, Limits limits) throws IOException {
        try (var origin = RawOrigin.play(script)) {
            var target = Target.parse("http://127.0.0.1:" + origin.address().getPort() + "/x?y=z");
            return new Probe(request, limits, "1.40.0").one(target);
        }
    }

    static WireScript script(String response, WireStep... last) {
        var steps = new ArrayList<WireStep>();
        steps.add(new WireStep.ReadRequest());
        steps.add(new WireStep.Send(Bytes.latin1(response)));
        steps.addAll(List.of(last));
        return new WireScript(WireScript.Protocol.HTTP_1, steps);
    }

    static Limits limits(long bytes) {
        return new Limits(Duration.ofMinutes(1), bytes, false);
    }

    static ProbeResult.Answered answered(ProbeResult result) {
        return (ProbeResult.Answered) result;
    }

    static List<Rule> rules(ProbeResult result) {
        return answered(result).judged().getFirst().findings().stream()
                .map(Finding::rule)
                .toList();
    }
}
