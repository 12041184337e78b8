// SPDX-License-Identifier: Apache-2.0
package upstreamreset.explain;

import java.io.PrintWriter;
import java.util.List;
import upstreamreset.accesslog.LogField;
import upstreamreset.output.Thousands;
import upstreamreset.output.WordWrap;
import upstreamreset.verdict.PossibleCause;
import upstreamreset.wire.Printable;

/** Explained log lines as a person reads them: each request of a short log; of a long one the numbers, then examples. */
public final class ExplanationText {
    private static final int HOPS = 12;

    private final PrintWriter out;

    public ExplanationText(PrintWriter out) {
        this.out = out;
    }

    public void print(LogDigest digest) {
        if (digest.isLong()) {
            summary(digest.summary());
            out.println();
            out.println("An example of each:");
            out.println();
        }
        digest.explanations().forEach(this::explanation);
        for (var message : digest.unclaimedCodecMessages()) {
            out.println("Envoy's codec refused a response: " + Printable.of(message));
            suspects(PossibleCause.of(message, 0), "  ");
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
        var entry = explanation.culprit().entry();
        boolean tcp = explanation.culprit().exchange().isTcp();
        out.printf(
                "%s %s%s%n",
                tcp ? "TCP" : Printable.of(entry.text(LogField.METHOD).orElse("?")),
                Printable.of(
                        entry.text(tcp ? LogField.UPSTREAM_HOST : LogField.PATH).orElse("?")),
                entry.text(LogField.REQUEST_ID)
                        .map(id -> "  (" + Printable.of(id) + ")")
                        .orElse(""));
        explanation.hops().stream().limit(HOPS).forEach(this::hop);
        if (explanation.hops().size() > HOPS) {
            out.println("  ... and " + (explanation.hops().size() - HOPS) + " lines more");
        }
        out.println("  " + Printable.of(explanation.verdict()));
        explanation
                .appRan()
                .ifPresent(times -> out.println(
                        times == 0
                                ? "  the app never got the request"
                                : "  the app got the request " + (times == 1 ? "once" : times + " times")));
        explanation.notes().forEach(note -> out.println("    - " + Printable.of(note)));
        explanation.codec().ifPresent(message -> {
            out.println("  Envoy's codec said: " + Printable.of(message));
            suspects(PossibleCause.of(message, explanation.culprit().exchange().status()), "    ");
        });
        if (!explanation.causes().isEmpty()) {
            out.println("  likely, the likeliest first");
        }
        int rank = 1;
        for (var cause : explanation.causes()) {
            out.println("    " + rank++ + ". " + Printable.of(cause.cause()));
            out.println("       $ " + Printable.of(cause.next()));
        }
        out.println();
    }

    private void hop(Hop hop) {
        var flags = hop.entry().flags();
        var line = "  %-30s %s %s %s"
                .formatted(
                        Printable.of(hop.text()),
                        hop.entry()
                                .text(LogField.RESPONSE_CODE)
                                .map(Printable::of)
                                .orElse("-"),
                        flags.isEmpty() ? "-" : Printable.of(String.join(",", flags)),
                        hop.entry()
                                .text(LogField.RESPONSE_CODE_DETAILS)
                                .map(Printable::of)
                                .orElse(""));
        out.println(line.stripTrailing());
    }

    private void suspects(List<PossibleCause> suspects, String indent) {
        if (suspects.isEmpty()) {
            out.println(indent + "a message that this tool does not know");
        }
        for (var suspect : suspects) {
            out.println(indent + suspect.rule().id() + " (" + suspect.rule().section() + ")");
            WordWrap.lines(indent + "  cause: ", suspect.cause()).forEach(out::println);
            WordWrap.lines(indent + "  fix:   ", suspect.fix()).forEach(out::println);
        }
    }

    /** One sentence for stderr about the lines that are none of a proxy's. */
    public static String foreign(LogSummary summary, boolean ownFormat) {
        return "upstream-reset explain: %,d of %,d lines are no access log; %s. %s"
                .formatted(
                        summary.foreign(),
                        summary.lines(),
                        Printable.of(summary.firstForeign()),
                        ownFormat
                                ? "Is --format the accessLogFormat that wrote them?"
                                : "If the mesh has a format of its own, give it with --format.");
    }
}
