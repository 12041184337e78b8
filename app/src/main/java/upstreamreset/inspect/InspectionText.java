// SPDX-License-Identifier: Apache-2.0
package upstreamreset.inspect;

import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.TreeMap;
import java.util.function.LongUnaryOperator;
import upstreamreset.http1.FieldLine;
import upstreamreset.http1.Rule;
import upstreamreset.output.WordWrap;
import upstreamreset.verdict.Finding;
import upstreamreset.verdict.JudgedResponse;
import upstreamreset.verdict.RecipeLines;
import upstreamreset.wire.Printable;

/** Responses of a capture as text: stream, time, request, the head with the guilty lines marked, the cause. */
final class InspectionText implements InspectionView {
    private static final int MAX_LINES = 30;
    private static final int MAX_WIDTH = 100;

    private final PrintWriter out;

    InspectionText(PrintWriter out) {
        this.out = out;
    }

    /** Totals are for stderr, where people read them. */
    @Override
    public void end(InspectionTotals totals, SameFindings same) {
        same.repeated()
                .forEach(kind -> out.printf(
                        "stream %d  %s %s: %s%n",
                        kind.first().stream(),
                        Printable.of(kind.first().judged().request().method()),
                        Printable.of(kind.first().judged().request().shownTarget()),
                        kind.text()));
    }

    @Override
    public void print(InspectedResponse response, boolean first, LongUnaryOperator frame) {
        if (!first) {
            return;
        }
        var judged = response.judged();
        var verdict = judged.envoy();
        out.printf(
                "stream %d%s  %s  %s %s → %s, behind Envoy %s %s %s%n",
                response.stream(),
                response.http2().isEmpty()
                        ? ""
                        : ", HTTP/2 stream " + response.http2().get().id(),
                judged.time().map(Object::toString).orElse(""),
                Printable.of(judged.request().method()),
                Printable.of(judged.request().shownTarget()),
                response.statusText(),
                verdict.outcome().text(),
                verdict.status() == 0 ? "-" : verdict.status(),
                verdict.flags());
        out.printf(
                "  %s → %s%s%s%n",
                response.endpoints().clientText(),
                response.endpoints().serverText(),
                judged.closedBy().equals("nobody") ? "" : "; ended first by " + judged.closedBy(),
                judged.request()
                        .id()
                        .map(id -> "; x-request-id " + Printable.of(id))
                        .orElse(""));
        response.http2().ifPresent(this::http2);
        response.notes().forEach(note -> out.println("  " + note));
        head(response);
        if (!verdict.message().isEmpty()) {
            out.println("  Envoy's codec would say: " + Printable.of(verdict.message()));
        }
        findings(judged, frame);
        out.println();
    }

    private void http2(Http2Stream stream) {
        if (!stream.authority().isEmpty()) {
            out.println("  :authority " + Printable.of(stream.authority()));
        }
        stream.grpc().ifPresent(grpc -> out.println("  " + Printable.of(grpc.text())));
    }

    /** Each field line with its offset, and what findings speak of outside of them; the guilty are marked. */
    private void head(InspectedResponse response) {
        var findings = response.judged().findings().stream()
                .filter(each -> !each.rule().ofClient())
                .toList();
        var lines = new TreeMap<Long, String>();
        var fields = response.lines();
        fields.stream().limit(MAX_LINES).forEach(line -> {
            long at = response.offset() + line.offset();
            lines.put(at, line(findings.stream().anyMatch(each -> overlap(each, at, line.length())), at, text(line)));
        });
        findings.stream()
                .filter(each -> !each.excerpt().isEmpty())
                .filter(each -> fields.stream()
                        .noneMatch(line -> overlap(each, response.offset() + line.offset(), line.length())))
                .forEach(each -> lines.putIfAbsent(each.offset(), line(true, each.offset(), each.excerpt())));
        lines.values().forEach(out::println);
        if (fields.size() > MAX_LINES) {
            out.println("             ... and " + (fields.size() - MAX_LINES) + " more field lines");
        }
    }

    private static String line(boolean guilty, long at, String text) {
        return "  %s %6d  %s".formatted(guilty ? ">" : " ", at, text);
    }

    private static boolean overlap(Finding finding, long at, int length) {
        return finding.offset() < at + length && finding.offset() + Math.max(finding.length(), 1) > at;
    }

    private static String text(FieldLine line) {
        var text = line.shown();
        return Printable.of(text.substring(0, Math.min(text.length(), MAX_WIDTH)))
                + (text.length() > MAX_WIDTH ? "…" : "");
    }

    private void findings(JudgedResponse judged, LongUnaryOperator frame) {
        var byRule = new LinkedHashMap<Rule, Finding>();
        judged.findings().forEach(each -> byRule.putIfAbsent(each.rule(), each));
        RecipeLines.framework(judged, "  ").forEach(out::println);
        byRule.values().forEach(finding -> {
            out.printf(
                    "  %s (%s) at byte %d%s%s%n",
                    finding.rule().id(),
                    finding.rule().section(),
                    finding.offset(),
                    finding.rule().ofClient()
                            ? " of what the client sent"
                            : frameText(frame.applyAsLong(finding.offset())),
                    finding.excerpt().isEmpty() ? "" : ": " + finding.excerpt());
            if (!finding.cause().isEmpty()) {
                WordWrap.lines("    cause: ", finding.cause()).forEach(out::println);
                WordWrap.lines("    fix:   ", finding.fix()).forEach(out::println);
            }
            RecipeLines.of(judged, finding, "    ").forEach(out::println);
        });
    }

    private static String frameText(long frame) {
        return frame == 0 ? "" : ", frame " + frame;
    }
}
