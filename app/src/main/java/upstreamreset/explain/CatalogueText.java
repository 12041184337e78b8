// SPDX-License-Identifier: Apache-2.0
package upstreamreset.explain;

import java.io.PrintWriter;
import upstreamreset.http1.Rule;
import upstreamreset.output.WordWrap;
import upstreamreset.verdict.Remedy;

/** The catalogue of causes and rules as text: a list, the details of one, or docs/causes.md. */
public record CatalogueText(PrintWriter out) {
    private static final String LEAD = """
            # Causes

            Each cause has an id that never changes, the same in text and JSON. `upstream-reset explain --list` prints them,
            `upstream-reset explain ID` explains one. `CauseCatalogueTest` writes this page.

            """;

    /** A line a cause, then a line a rule. */
    public void list() {
        KnownCause.all().forEach(cause -> out.printf("%-34s %s%n", cause.id(), cause.words()));
        for (var rule : Rule.values()) {
            if (KnownCause.find(rule.id()).isEmpty()) {
                out.printf("%-34s %s%n", rule.id(), Remedy.of(rule).cause());
            }
        }
        out.flush();
    }

    /** All about the cause or rule of this id; false, and nothing printed, where there is none. */
    public boolean explain(String id) {
        var cause = KnownCause.find(id);
        var rule = Rule.ofId(id);
        cause.ifPresent(each -> {
            out.println(id);
            WordWrap.lines("  cause: ", each.words()).forEach(out::println);
            WordWrap.lines("  fix:   ", each.fix()).forEach(out::println);
        });
        rule.ifPresent(each -> {
            out.println(id + " (" + each.section() + ")");
            WordWrap.lines("  cause: ", Remedy.of(each).cause()).forEach(out::println);
            WordWrap.lines("  fix:   ", Remedy.of(each).fix()).forEach(out::println);
        });
        out.flush();
        return cause.isPresent() || rule.isPresent();
    }

    /** The page that lists them all. */
    void page() {
        out.print(LEAD + "| id | cause | fix |\n|---|---|---|\n");
        for (var cause : KnownCause.all()) {
            out.print("| `" + cause.id() + "` | " + cause.words() + " | " + cause.fix() + " |\n");
        }
        out.print(
                "\n## Rules\n\nThe rules that a response can break, as reported by `probe`, `inspect` and the codec's log.\n\n");
        out.print("| id | section | cause | fix |\n|---|---|---|---|\n");
        for (var rule : Rule.values()) {
            out.print("| `" + rule.id() + "` | " + rule.section() + " | "
                    + Remedy.of(rule).cause() + " | " + Remedy.of(rule).fix() + " |\n");
        }
        out.flush();
    }
}
