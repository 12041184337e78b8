// SPDX-License-Identifier: Apache-2.0
package upstreamreset.verdict;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import upstreamreset.framework.Framework;
import upstreamreset.framework.Recipe;
import upstreamreset.framework.Recognition;
import upstreamreset.http1.FramingReport;
import upstreamreset.http1.Rule;
import upstreamreset.http1.Severity;
import upstreamreset.wire.Secrets;

/**
 * A judged response as its sender sent it: the {@code response} of the JSON vocabulary, which all diagnostic commands
 * print.
 *
 * @param stream its connection, if there are several
 * @param time when its first byte came, if known
 * @param bytes its length on the wire, head and body
 * @param chunks the number of chunks that began, without the last chunk
 * @param closedBy who ended the connection first and how: {@code client FIN}, {@code server RST}, {@code nobody}
 * @param observed whether {@code envoy} was observed on a real Envoy; else it is the model's prediction
 * @param framework its framework, if there are findings and the response or the user reveals it
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
        boolean observed,
        Optional<Recognition> framework) {
    private static final List<Rule> ENVOYS_LIMITS = List.of(Rule.HEAD_TOO_LARGE, Rule.TOO_MANY_FIELDS);

    public JudgedResponse {
        findings = List.copyOf(findings);
    }

    /** The request that it answers. */
    public record Request(String method, String target, Optional<String> id) {
        /** The target as it may be shown, without its credentials. */
        public String shownTarget() {
            return Secrets.target(target);
        }
    }

    /** Judges {@code response} by the rules. */
    public static JudgedResponse of(
            Request request, FramingReport response, String closedBy, Verdict envoy, boolean observed) {
        var findings = findings(request, response, envoy);
        return new JudgedResponse(
                Optional.empty(),
                Optional.empty(),
                request,
                response.status(),
                response.framing().text(),
                response.end() - response.offset(),
                response.chunks(),
                closedBy,
                findings,
                envoy,
                observed,
                findings.isEmpty() ? Optional.empty() : Recognition.of(response));
    }

    /**
     * The same as one of several responses on a connection: {@code firstByte} is when its first byte came, and its findings count
     * from the connection's first byte, {@code base} bytes before its own.
     */
    public JudgedResponse onConnection(String connection, Instant firstByte, long base) {
        return new JudgedResponse(
                Optional.of(connection),
                Optional.of(firstByte),
                request,
                status,
                framing,
                bytes,
                chunks,
                closedBy,
                movedBy(base).findings,
                envoy,
                observed,
                framework);
    }

    /** The same with its findings {@code bytesOn} bytes further on. */
    public JudgedResponse movedBy(long bytesOn) {
        return with(findings.stream().map(each -> each.movedBy(bytesOn)).toList(), envoy);
    }

    /** The same where the client spoke another protocol: {@code first} says which, and {@code real} is what Envoy does with that. */
    public JudgedResponse misdirected(Finding first, Verdict real) {
        var all = new ArrayList<Finding>(findings.size() + 1);
        all.add(first);
        all.addAll(findings);
        return with(all, real);
    }

    /** The same where the rules of HTTP/1 say nothing: nothing was sent, or something else. */
    public JudgedResponse withoutFindings() {
        return with(List.of(), envoy);
    }

    /** The same with what a real Envoy did. */
    public JudgedResponse observed(Verdict real) {
        return new JudgedResponse(
                stream, time, request, status, framing, bytes, chunks, closedBy, findings, real, true, framework);
    }

    private JudgedResponse with(List<Finding> other, Verdict verdict) {
        return new JudgedResponse(
                stream, time, request, status, framing, bytes, chunks, closedBy, other, verdict, observed, framework);
    }

    /** The same from a server whose framework the user gives. */
    public JudgedResponse madeBy(Framework given) {
        return new JudgedResponse(
                stream,
                time,
                request,
                status,
                framing,
                bytes,
                chunks,
                closedBy,
                findings,
                envoy,
                observed,
                Optional.of(Recognition.given(given)));
    }

    /** The changes that avoid such a finding: in the framework, if known, and in the mesh, if that helps. */
    public List<Recipe> recipes(Finding finding) {
        // Keep-alive cannot race on a new connection, nor where the server keeps it.
        if (finding.rule() == Rule.NO_RESPONSE && (finding.offset() == 0 || !closedBy.startsWith("server"))) {
            return List.of();
        }
        var recipes = new ArrayList<Recipe>(2);
        if (framework.isPresent() && framework.get().framework() != Framework.ISTIO) {
            Recipe.of(framework.get().framework(), finding.rule()).ifPresent(recipes::add);
        }
        Recipe.of(Framework.ISTIO, finding.rule()).ifPresent(recipes::add);
        return recipes;
    }

    /** Whether it changes to a protocol that the model knows nothing of: h2c, or what a request asked for that was not captured. */
    private static boolean changesProtocol(Request request, FramingReport response) {
        return response.status() == 101
                && (request.method().equals("?")
                        || response.fields("upgrade").stream()
                                .anyMatch(each -> each.value().equalsIgnoreCase("h2c")));
    }

    /**
     * Those that explain Envoy's verdict first. If none does, what Envoy must have meant: where it applies a limit of
     * its own, or where the bytes are not an error by the rules.
     */
    private static List<Finding> findings(Request request, FramingReport response, Verdict envoy) {
        var reasons = CodecReason.rules(envoy.message(), envoy.status());
        var decisive = new ArrayList<Finding>();
        var others = new ArrayList<Finding>();
        for (var interim : response.interim()) {
            for (var violation : interim.violations()) {
                (reasons.contains(violation.rule()) ? decisive : others).add(Finding.of(violation, interim));
            }
        }
        for (var violation : response.violations()) {
            (reasons.contains(violation.rule()) ? decisive : others).add(Finding.of(violation, response));
        }
        if (decisive.isEmpty()
                && !reasons.isEmpty()
                && !changesProtocol(request, response)
                && (ENVOYS_LIMITS.contains(reasons.getFirst())
                        || others.stream().noneMatch(each -> each.severity() == Severity.ERROR))) {
            decisive.add(Finding.of(reasons.getFirst(), response));
        }
        decisive.addAll(others);
        return decisive;
    }
}
