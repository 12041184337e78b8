// SPDX-License-Identifier: Apache-2.0
package upstreamreset.gallery;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import upstreamreset.envoy.install.EnvoyBinary;
import upstreamreset.framework.Framework;
import upstreamreset.framework.Recipe;
import upstreamreset.http1.Rule;

/** {@code docs/frameworks.md}, as the golden file and the recipes make it: nothing in it was not run. */
final class FrameworksDocument {
    static final Path FILE = Path.of("../docs/frameworks.md");

    /** What people search for, in one table. */
    private static final List<String> ASKED = List.of("te", "te-small", "204-te");

    private final StringBuilder text = new StringBuilder();
    private final Map<String, String> words = GalleryServer.words();

    private FrameworksDocument() throws IOException {}

    static String text() throws IOException {
        var document = new FrameworksDocument();
        document.introduction();
        document.summary();
        document.servers();
        document.idle();
        document.recipes();
        document.mesh();
        return document.text.toString();
    }

    private void introduction() throws IOException {
        int failing = 0;
        for (var row : GalleryRow.all()) {
            failing += row.passes() ? 0 : 1;
        }
        line("# What your framework makes of it");
        line("");
        line("""
                Each row below was made by a real server of the version named, asked once directly and once through a real Envoy %s that is
                configured as istiod configures a sidecar: %d servers, %d cases, of which %d fail. `scripts/gallery` makes this page again, and
                `scripts/test` asks some of the servers again. Do not edit it: it is generated from `app/src/test/resources/gallery/results.tsv`.

                A case **passes** when the bytes break no rule and Envoy passes them on; where the server itself answers 500, it
                passes as such. UPE and UC are Envoy's flags for a protocol error and a closed connection.""".formatted(
                        EnvoyBinary.DEFAULT_VERSION,
                        GalleryServer.all().size(),
                        GalleryRow.all().size(),
                        failing));
        line("");
    }

    private void summary() throws IOException {
        line("## `Transfer-Encoding: chunked`, set by you");
        line("");
        line("| server | and written in parts | and written at once | with 204 |");
        line("|---|---|---|---|");
        for (var server : GalleryServer.all()) {
            if (ASKED.stream().anyMatch(server.cases()::contains)) {
                var cells = new StringBuilder("| [" + server.title() + "](#" + anchor(server.title()) + ") |");
                for (var test : ASKED) {
                    cells.append(' ')
                            .append(GalleryRow.of(server.id(), test)
                                    .map(FrameworksDocument::brief)
                                    .orElse("–"))
                            .append(" |");
                }
                line(cells.toString());
            }
        }
        line("");
    }

    private void servers() throws IOException {
        line("## Server by server");
        line("");
        for (var server : GalleryServer.all()) {
            var rows = GalleryRow.of(server.id());
            long failing = rows.stream().filter(row -> !row.passes()).count();
            line("### " + server.title());
            line("");
            line(
                    failing == 0
                            ? "Nothing fails: " + rows.size() + " cases, all pass."
                            : failing + " of " + rows.size() + " cases fail.");
            line("");
            line("| the handler | on the wire | breaks | Envoy |");
            line("|---|---|---|---|");
            for (var row : rows) {
                line("| %s | %s | %s | %s |".formatted(words(row), wire(row), breaks(row), envoy(row)));
            }
            line("");
        }
    }

    /** As GitHub makes it of a heading. */
    private static String anchor(String heading) {
        return heading.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9 _-]", "").replace(' ', '-');
    }

    private String words(GalleryRow row) {
        var known = words.get(row.test());
        if (known != null) {
            return known;
        }
        var parts = row.test().split("/", -1);
        return "recipe *" + parts[0] + "*, " + parts[1];
    }

    private static String wire(GalleryRow row) {
        return Arrays.stream(row.wire().split(" / "))
                .map(part ->
                        part.startsWith("<") ? part.replace("<", "then ").replace(">", "") : "`" + part.strip() + "`")
                .collect(Collectors.joining("<br>"))
                .replace("|", "\\|");
    }

    private static String breaks(GalleryRow row) {
        return row.findings().isEmpty() ? "nothing" : row.findings().replace(" ", "<br>");
    }

    private static String envoy(GalleryRow row) {
        var verdict = row.passes() ? "passes" : "**" + row.outcome() + "**";
        var logged = row.envoy().split(" ", -1);
        var message = row.message().isEmpty() ? "" : "<br>codec: " + row.message();
        return verdict + ", " + logged[0] + (logged[1].equals("-") ? "" : " " + logged[1]) + message;
    }

    private static String brief(GalleryRow row) {
        var logged = row.envoy().split(" ", -1);
        if (row.passes()) {
            return logged[0].equals("500") ? "its own 500" : "passes";
        }
        return "**" + logged[0] + " " + logged[1] + "**";
    }

    private void idle() throws IOException {
        line("## Idle connections");
        line("");
        line("""
                Envoy uses a connection to the app again, and closes one that is idle after an hour. An app that closes it sooner may do so
                while the next request is on its way: a keep-alive race, now and then a `503 UC`. Each server below was started with the
                *before* and with the *after* of its recipe, asked once, and left alone: before, it closed the connection; after, it had it open
                still at that time. What a race does to a request was not run with them.
                `flask run` and gunicorn's sync workers close each connection behind its response, and say so: there nothing can race.""");
        line("");
        line("| server | closes an idle connection after | by |");
        line("|---|---|---|");
        for (var idle : IdleServer.all()) {
            var title = idle.server().title();
            line("| [%s](#%s) | %d s | %s |".formatted(title, anchor(title), idle.seconds(), idle.limit()));
        }
        line("");
    }

    private void recipes() throws IOException {
        line("## Recipes");
        line("");
        line(
                "`probe`, `sidecar`, `inspect` and `reproduce` print the recipe of a finding where the response shows what made it, or with"
                        + " `--framework NAME`. Each *before* fails and each *after* passes with the real server named.");
        line("");
        for (var framework : Framework.values()) {
            if (framework != Framework.ISTIO) {
                line("### " + framework.title() + ": `--framework " + framework.id() + "`");
                line("");
                for (var recipe : Recipe.of(framework)) {
                    recipe(recipe);
                }
            }
        }
    }

    private void recipe(Recipe recipe) throws IOException {
        var proof = recipe.proof().split(" ", -1);
        line(recipe.does() + " (" + rules(recipe) + ")");
        line("");
        if (proof[1].equals(IdleServer.RECIPE)) {
            code(
                    "Before: closes an idle connection after "
                            + IdleServer.of(proof[0]).seconds() + " s",
                    recipe.before());
            code("After: has it open still", recipe.after());
            return;
        }
        code("Before: " + envoy(GalleryRow.of(proof[0], proof[1] + "/before").orElseThrow()), recipe.before());
        code("After: " + envoy(GalleryRow.of(proof[0], proof[1] + "/after").orElseThrow()), recipe.after());
    }

    private void mesh() {
        line("## In the mesh: `--framework istio`");
        line("");
        line(
                "The two limits and the idle timeout were run: what the YAML patches was put into a real Envoy's cluster, which then took"
                        + " what it had refused. What istiod makes of the YAML was not, nor were the ports' names.");
        line("");
        for (var recipe : Recipe.of(Framework.ISTIO)) {
            line(recipe.does() + " (" + rules(recipe) + ")");
            line("");
            if (!recipe.before().isEmpty()) {
                code("Before:", recipe.before());
            }
            code(recipe.before().isEmpty() ? "" : "After:", recipe.after());
        }
    }

    private static String rules(Recipe recipe) {
        return recipe.rules().stream().map(Rule::id).collect(Collectors.joining(", "));
    }

    private void code(String title, List<String> code) {
        if (!title.isEmpty()) {
            line(title);
            line("");
        }
        line("```");
        code.forEach(this::line);
        line("```");
        line("");
    }

    private void line(String line) {
        text.append(line).append('\n');
    }
}
