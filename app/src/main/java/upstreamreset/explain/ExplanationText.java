// SPDX-License-Identifier: Apache-2.0
package upstreamreset.explain;

import java.io.PrintWriter;
import java.util.List;
import java.util.OptionalInt;
import upstreamreset.accesslog.LogField;
import upstreamreset.accesslog.LogLine;
import upstreamreset.output.Thousands;
import upstreamreset.output.WordWrap;
import upstreamreset.verdict.Remedy;
import upstreamreset.wire.Printable;

/** Explained log lines as text: each request of a short log; the totals of a long log, then examples. */
public record ExplanationText(PrintWriter out) implements ExplanationView {
    static final String LIKELY = "  likely causes, most likely first";
    private static final int MAX_HOPS = 12;

    @Override
    public void request(Explanation explanation) {
        explanation(explanation);
        out.flush();
    }

    @Override
    public void connection(LogLine.Ambient connection) {
        new AmbientView(out).text(connection);
        out.flush();
    }

    @Override
    public void totals(LogDigest digest) {
        digest.scraps().forEach(new ScrapView(out)::text);
        summary(digest.summary());
        out.flush();
    }

    @Override
    public void print(LogDigest digest) {
        if (digest.isLong()) {
            summary(digest.summary());
            out.println();
            out.println("An example of each:");
            out.println();
        }
        digest.explanations().forEach(this::explanation);
        digest.connections().forEach(new AmbientView(out)::text);
        digest.scraps().forEach(new ScrapView(out)::text);
        for (var refusal : digest.unclaimedRefusals()) {
            out.println("Envoy's codec refused a response: " + Printable.of(refusal.message()));
            possibleCauses(refusal, "  ");
            out.println();
        }
        out.flush();
    }

    private void summary(LogSummary summary) {
        out.println(Thousands.of(summary.lines()) + " lines, " + Thousands.of(summary.requests()) + " requests, "
                + Thousands.of(summary.failed()) + " failed");
        counts("by cause", summary.causes());
        counts("by host", summary.hosts());
        counts("by path", summary.paths());
    }

    private void counts(String title, List<LogSummary.Count> counts) {
        if (counts.isEmpty()) {
            return;
        }
        out.println("  " + title);
        counts.forEach(each -> out.printf("    %,9d  %s%n", each.count(), Printable.of(each.name())));
    }

    private void explanation(Explanation explanation) {
        var culprit = explanation.culprit();
        boolean tcp = culprit.exchange().isTcp();
        boolean unnamed = culprit.entry().text(LogField.METHOD).isEmpty()
                && culprit.entry().text(LogField.PATH).isEmpty();
        out.printf(
                "%s%s%n",
                unnamed
                        ? tcp ? "TCP " + text(culprit, LogField.UPSTREAM_HOST, "?") : "a request"
                        : text(culprit, LogField.METHOD, "?") + " " + text(culprit, LogField.PATH, "?"),
                culprit.entry()
                        .text(LogField.REQUEST_ID)
                        .map(id -> "  (" + Printable.of(id) + ")")
                        .orElse(""));
        explanation.hops().stream().limit(MAX_HOPS).forEach(this::hop);
        if (explanation.hops().size() > MAX_HOPS) {
            out.println("  ... and " + (explanation.hops().size() - MAX_HOPS) + " more lines");
        }
        out.println("  " + Shown.text(explanation.verdict()));
        appRan(out, explanation.appRan());
        explanation.contradictions().stream()
                .skip(1)
                .forEach(each -> out.println("    - it also contradicts itself here: " + Shown.text(each)));
        notes(out, explanation.notes());
        explanation.codec().ifPresent(refusal -> {
            out.println("  Envoy's codec said: " + Printable.of(refusal.message()));
            possibleCauses(refusal, "    ");
        });
        causes(
                out,
                explanation.contradictions().isEmpty() ? LIKELY : "  causes, if the flags and details are right",
                explanation.causes());
        out.println();
    }

    static void appRan(PrintWriter out, OptionalInt appRan) {
        appRan.ifPresent(times -> out.println(
                times == 0
                        ? "  the app never got the request"
                        : "  the app got the request " + (times == 1 ? "once" : times + " times")));
    }

    static void notes(PrintWriter out, List<String> notes) {
        notes.forEach(note -> out.println("    - " + Shown.text(note)));
    }

    /** The causes in their order, below {@code lead}; nothing if there are none. */
    static void causes(PrintWriter out, String lead, List<Cause> causes) {
        if (!causes.isEmpty()) {
            out.println(lead);
        }
        int rank = 1;
        for (var cause : causes) {
            out.println("    " + rank++ + ". " + Shown.text(cause.cause()) + "  [" + cause.id() + "]");
            out.println("       $ " + Shown.command(cause.next()));
        }
    }

    private void hop(Hop hop) {
        var line = "  %-30s %s %s %s"
                .formatted(
                        Printable.of(hop.text()),
                        text(hop, LogField.RESPONSE_CODE, "-"),
                        text(hop, LogField.RESPONSE_FLAGS, "-"),
                        text(hop, LogField.RESPONSE_CODE_DETAILS, ""));
        out.println(line.stripTrailing());
    }

    private static String text(Hop hop, LogField field, String otherwise) {
        return Shown.text(hop.entry().text(field).orElse(otherwise));
    }

    private void possibleCauses(CodecRefusal refusal, String indent) {
        if (refusal.isHttp2()) {
            out.println(
                    indent
                            + refusal.said()
                                    .field()
                                    .map(field -> field + " was the error")
                                    .orElse(
                                            "an HTTP/2 message that breaks a rule; the http2 logger names the field at level debug"));
        } else if (refusal.rules().isEmpty()) {
            out.println(indent + "a message that this tool does not know");
        }
        for (var rule : refusal.rules()) {
            out.println(indent + rule.id() + " (" + rule.section() + ")");
            WordWrap.lines(indent + "  cause: ", Remedy.of(rule).cause()).forEach(out::println);
            WordWrap.lines(indent + "  fix:   ", Remedy.of(rule).fix()).forEach(out::println);
        }
    }

    /** One sentence for stderr about the lines that are none of a proxy's. */
    public static String foreign(LogSummary summary, boolean ownFormat) {
        return "upstream-reset explain: %s. (%s of %s lines skipped.) %s"
                .formatted(
                        Shown.text(summary.firstForeign()),
                        Thousands.of(summary.foreign()),
                        Thousands.of(summary.lines()),
                        ownFormat
                                ? "Does --format match your mesh's accessLogFormat?"
                                : "If your mesh has its own accessLogFormat, give it with --format.");
    }
}
