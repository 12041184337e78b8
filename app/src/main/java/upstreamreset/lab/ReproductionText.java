// SPDX-License-Identifier: Apache-2.0
package upstreamreset.lab;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import upstreamreset.accesslog.ResponseFlag;
import upstreamreset.http1.FramingReport;
import upstreamreset.http1.Rule;
import upstreamreset.output.WordWrap;
import upstreamreset.verdict.Finding;
import upstreamreset.verdict.JudgedResponse;
import upstreamreset.verdict.RecipeLines;
import upstreamreset.verdict.WireListing;
import upstreamreset.wire.Printable;
import upstreamreset.wire.Secrets;

/** A reproduction as text: the result in one line, then each party's view, then the cause. */
public record ReproductionText(PrintWriter out) {
    public void print(Reproduction reproduction) {
        var verdict = reproduction.judged().envoy();
        out.printf(
                "%s %s → %d %s %s%n",
                reproduction.judged().request().method(),
                Printable.of(reproduction.judged().request().target()),
                verdict.status(),
                verdict.flags(),
                Printable.of(verdict.details()));
        client(reproduction);
        reproduction.sidecars().forEach(this::sidecar);
        sent(reproduction);
        if (!verdict.message().isEmpty()) {
            out.println("  Envoy's codec said");
            out.println("    " + Printable.of(verdict.message()));
        }
        findings(reproduction.judged());
        if (reproduction.asExpected()) {
            out.println("  matches the catalogue");
        } else {
            out.println("  does not match the catalogue's expectation of "
                    + reproduction.scenario().name());
            reproduction.differences().forEach(each -> out.println("    " + Printable.of(each)));
        }
        out.println();
        out.flush();
    }

    /** All of it in one line, and one more for each difference: for many at once. */
    public void printLine(Reproduction reproduction) {
        var verdict = reproduction.judged().envoy();
        out.printf(
                "%-28s %-13s %4d %-7s %s%n",
                reproduction.scenario().name(),
                verdict.outcome().text(),
                verdict.status(),
                verdict.flags(),
                Printable.of(verdict.message().isEmpty() ? verdict.details() : verdict.message()));
        reproduction
                .differences()
                .forEach(each -> out.println("  does not match the catalogue: " + Printable.of(each)));
        out.flush();
    }

    private void client(Reproduction reproduction) {
        var response = reproduction.client();
        out.println("  the client got");
        if (response.status() == 0) {
            out.println("    nothing that is a response");
            return;
        }
        out.println(
                "    " + Printable.of("%s %d %s".formatted(response.version(), response.status(), response.reason())));
        for (var field : response.fields()) {
            out.println("    " + Printable.of(field.name()) + ": "
                    + Printable.of(Secrets.value(field.name(), field.value())));
        }
        out.println();
        new String(response.body().toArray(), StandardCharsets.UTF_8)
                .lines()
                .limit(20)
                .forEach(line -> out.println("    " + Printable.of(Secrets.text(line))));
        out.println("    (" + size(response) + ")");
    }

    private static String size(FramingReport response) {
        var bytes = response.bodyLength() + (response.bodyLength() == 1 ? " byte" : " bytes") + " of body";
        return bytes + (response.complete() ? "" : ", cut off");
    }

    private void sidecar(SidecarLog sidecar) {
        out.println("  the " + sidecar.side().id() + "'s sidecar logged");
        out.println("    " + Printable.of(sidecar.line()));
        for (var flag : sidecar.entry().flags()) {
            out.println("    " + Printable.of(flag) + ": "
                    + ResponseFlag.of(flag).map(ResponseFlag::sentence).orElse("a flag that this tool does not know"));
        }
        sidecar.entry()
                .details()
                .ifPresent(details -> out.println("    " + Printable.of(details.name()) + ": "
                        + details.words().orElse("not known to this tool")));
    }

    private void sent(Reproduction reproduction) {
        out.printf(
                "  the app, asked %s, sent %d bytes%s; %s%n",
                reproduction.calls() == 1 ? "once" : reproduction.calls() + " times",
                reproduction.sent().length(),
                reproduction.judged().chunks() == 0
                        ? ""
                        : " in " + reproduction.judged().chunks() + " chunks",
                closedBy(reproduction.judged().closedBy()));
        WireListing.of(reproduction.sent().toArray(), reproduction.judged().findings())
                .forEach(line -> out.println("  " + line));
    }

    /** On the connection between Envoy and the app, Envoy is the client. */
    private static String closedBy(String closedBy) {
        return switch (closedBy) {
            case "client FIN" -> "then Envoy closed the connection";
            case "client RST" -> "then Envoy reset the connection";
            case "server FIN" -> "then closed the connection";
            case "server RST" -> "then reset the connection";
            default -> "the connection stayed open";
        };
    }

    /** Each rule once, however many lines break it. */
    private void findings(JudgedResponse judged) {
        RecipeLines.framework(judged, "  ").forEach(out::println);
        var byRule = new LinkedHashMap<Rule, Finding>();
        judged.findings().forEach(each -> byRule.putIfAbsent(each.rule(), each));
        byRule.values().forEach(finding -> {
            out.println("  " + finding.rule().id() + " (" + finding.rule().section() + ")");
            WordWrap.lines("    cause: ", finding.cause()).forEach(out::println);
            WordWrap.lines("    fix:   ", finding.fix()).forEach(out::println);
            RecipeLines.of(judged, finding, "    ").forEach(out::println);
        });
    }
}
