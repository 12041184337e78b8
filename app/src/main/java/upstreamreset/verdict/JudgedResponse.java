// SPDX-License-Identifier: Apache-2.0
package upstreamreset.verdict;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import upstreamreset.http1.FramingReport;

/**
 * A response as its sender sent it, judged: the {@code response} of the JSON vocabulary, which every command that judges
 * prints.
 *
 * @param stream which connection it came on, where there are several
 * @param time when its first byte came, where that is known
 * @param bytes what it took on the wire, head and body
 * @param chunks how many chunks began, the last one not counted
 * @param closedBy who ended the connection first and how: {@code client FIN}, {@code server RST}, {@code nobody}
 * @param observed whether {@code envoy} is what a real Envoy did; else it is the model's
 */
public record JudgedResponse(
        Optional<String> stream,
        Optional<Instant> time,
        Request request,
        int status,
        String framing,
        long bytes,
        int chunks,
        String closedBy,
        List<Finding> findings,
        Verdict envoy,
        boolean observed) {
    public JudgedResponse {
        findings = List.copyOf(findings);
    }

    /** The request that it answers. */
    public record Request(String method, String target, Optional<String> id) {}

    /** Judges {@code response} by the rules. */
    public static JudgedResponse of(
            Request request, FramingReport response, String closedBy, Verdict envoy, boolean observed) {
        return new JudgedResponse(
                Optional.empty(),
                Optional.empty(),
                request,
                response.status(),
                response.framing().text(),
                response.end() - response.offset(),
                response.chunks(),
                closedBy,
                findings(response, envoy),
                envoy,
                observed);
    }

    /** The same where the rules of HTTP/1 say nothing: nothing was sent, or something else. */
    public JudgedResponse withoutFindings() {
        return new JudgedResponse(
                stream, time, request, status, framing, bytes, chunks, closedBy, List.of(), envoy, observed);
    }

    /** Those that explain Envoy's verdict first; if none does, what Envoy must have meant. */
    private static List<Finding> findings(FramingReport response, Verdict envoy) {
        var reasons = CodecReason.rules(envoy.message(), envoy.status());
        var decisive = new ArrayList<Finding>();
        var others = new ArrayList<Finding>();
        for (var violation : response.violations()) {
            (reasons.contains(violation.rule()) ? decisive : others).add(Finding.of(violation));
        }
        if (decisive.isEmpty() && !reasons.isEmpty()) {
            decisive.add(Finding.of(reasons.getFirst(), response));
        }
        decisive.addAll(others);
        return decisive;
    }
}
