// SPDX-License-Identifier: Apache-2.0
package upstreamreset.matrix;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import upstreamreset.page.Html;
import upstreamreset.page.PageFile;
import upstreamreset.page.StoryPage;
import upstreamreset.scenario.Scenario;
import upstreamreset.site.ScenarioBytes;

/**
 * The matrix as one HTML file: rows by family, a column for each implementation and version; below a row, its bytes and
 * each column's message about them.
 */
public final class MatrixPage {
    private final Html html;
    private final Matrix matrix;

    private MatrixPage(Html html, Matrix matrix) {
        this.html = html;
        this.matrix = matrix;
    }

    /**
     * Writes the page of a matrix.
     *
     * @param under a sentence below the title: what made the page
     */
    public static void write(Path file, String under, Matrix matrix) throws IOException {
        PageFile.write(
                file,
                "upstream-reset matrix",
                PageFile.Code.of(MatrixPage.class, "matrix-page"),
                html -> new MatrixPage(html, matrix).page(under));
    }

    private void page(String under) throws IOException {
        html.open("header").element("h1", "upstream-reset matrix");
        html.open("p")
                .attribute("class", "dim")
                .text(StoryPage.text(under))
                .close("p")
                .line();
        html.open("p").attribute("class", "legend").line();
        for (var reaction : Reaction.values()) {
            html.open("span").attribute("class", "cell " + reaction.text());
            html.text(sign(reaction) + " " + reaction.text()).close("span").text(" ");
        }
        html.text("≠: the versions of Envoy differ. A cell leads to the bytes and to what was said of them.");
        html.close("p").line();
        tools();
        html.open("p").attribute("class", "printed");
        html.text("On paper stand the bytes of those scenarios that were opened before.")
                .close("p")
                .line();
        html.close("header").line().open("main").line();
        table();
        html.close("main").line();
    }

    private void tools() throws IOException {
        html.open("p").attribute("class", "tools");
        html.open("label")
                .attribute("for", "filter")
                .text("Filter")
                .close("label")
                .text(" ");
        html.open("input")
                .attribute("id", "filter")
                .attribute("type", "search")
                .attribute("placeholder", "name, family, reaction, status, flag");
        html.text(" ");
        checkbox("differ", "only where the versions of Envoy differ");
        checkbox("misread", "only where somebody misreads");
        html.open("span")
                .attribute("id", "count")
                .attribute("role", "status")
                .text("")
                .close("span");
        html.close("p").line();
    }

    private void checkbox(String id, String label) throws IOException {
        html.open("label").open("input").attribute("type", "checkbox").attribute("id", id);
        html.text(" " + label).close("label").text(" ");
    }

    private void table() throws IOException {
        html.open("div").attribute("class", "wide").attribute("tabindex", 0);
        html.attribute("role", "region").attribute("aria-label", "The matrix").line();
        html.open("table").open("thead").open("tr");
        html.open("th").attribute("scope", "col").text("scenario").close("th");
        for (var column : matrix.columns()) {
            html.open("th").attribute("scope", "col").text(StoryPage.text(column.title()));
            if (column.unavailable().isPresent()) {
                html.element("p", StoryPage.text(column.unavailable().get()));
            }
            html.close("th");
        }
        html.close("tr").close("thead").line();
        var family = "";
        for (int row = 0; row < matrix.scenarios().size(); row++) {
            var scenario = matrix.scenarios().get(row);
            if (!scenario.family().equals(family)) {
                if (!family.isEmpty()) {
                    html.close("tbody").line();
                }
                family = scenario.family();
                html.open("tbody").open("tr").attribute("class", "family").open("th");
                html.attribute("scope", "rowgroup")
                        .attribute("colspan", matrix.columns().size() + 1);
                html.text(family.replace('-', ' ')).close("th").close("tr").line();
            }
            row(row, scenario);
            detail(row, scenario);
        }
        html.close("table").close("div").line();
    }

    private void row(int row, Scenario scenario) throws IOException {
        boolean differ = MatrixText.versionsDiffer(matrix, row);
        var cells =
                matrix.columns().stream().map(column -> column.cells().get(row)).toList();
        var text = scenario.name() + " " + scenario.family() + " "
                + cells.stream().map(MatrixPage::text).collect(Collectors.joining(" "));
        html.open("tr").attribute("class", differ ? "row differ" : "row");
        html.attribute("data-text", text.toLowerCase(Locale.ROOT));
        html.attribute("data-misread", cells.stream().anyMatch(MatrixPage::misreads));
        html.open("th").attribute("scope", "row").open("a").attribute("href", "#d-" + scenario.name());
        html.text(scenario.name()).close("a");
        if (differ) {
            html.open("b")
                    .attribute("title", "the versions of Envoy differ")
                    .text(" " + MatrixText.VERSIONS_DIFFER)
                    .close("b");
        }
        html.close("th").line();
        var newest = MatrixText.envoys(matrix).isEmpty()
                ? Optional.<String>empty()
                : Optional.of(MatrixText.text(
                        MatrixText.envoys(matrix).getLast().cells().get(row)));
        for (var column : matrix.columns()) {
            var cell = column.cells().get(row);
            boolean other = differ
                    && column.implementation() == Implementation.ENVOY
                    && !newest.equals(Optional.of(MatrixText.text(cell)));
            html.open("td").attribute("class", "cell " + css(cell) + (other ? " other" : ""));
            html.open("a").attribute("href", "#d-" + scenario.name());
            html.text(sign(cell) + " " + (other ? MatrixText.VERSIONS_DIFFER + " " : "") + text(cell));
            html.close("a").close("td").line();
        }
        html.close("tr").line();
    }

    private void detail(int row, Scenario scenario) throws IOException {
        html.open("tr").attribute("class", "detail").attribute("id", "d-" + scenario.name());
        html.open("td")
                .attribute("colspan", matrix.columns().size() + 1)
                .attribute("tabindex", -1)
                .line();
        html.element("p", scenario.sentence()).line();
        ScenarioBytes.write(html, scenario, path -> Optional.empty());
        if (scenario.breaks().isPresent()) {
            html.element("p", scenario.breaks().get().text()).line();
        }
        html.open("dl").line();
        for (var column : matrix.columns()) {
            html.element("dt", StoryPage.text(column.title()));
            html.element("dd", words(column.cells().get(row))).line();
        }
        html.close("dl").close("td").close("tr").line();
    }

    private static String text(Cell cell) {
        return cell instanceof Cell.NotApplicable ? "not applicable" : StoryPage.text(MatrixText.text(cell));
    }

    private static String words(Cell cell) {
        return switch (cell) {
            case Cell.Seen seen ->
                text(cell)
                        + (seen.words().isEmpty() ? "" : ": " + StoryPage.text(seen.words()))
                        + seen.envoy()
                                .map(verdict -> "; " + StoryPage.text(verdict.details()))
                                .orElse("")
                        + seen.differences().stream()
                                .map(each -> "; not as the catalogue expects: " + StoryPage.text(each))
                                .collect(Collectors.joining());
            case Cell.NotApplicable(var why) -> "not applicable: " + StoryPage.text(why);
            case Cell.Unavailable(var why) -> "unavailable: " + StoryPage.text(why);
        };
    }

    private static boolean misreads(Cell cell) {
        return cell instanceof Cell.Seen seen && seen.reaction() == Reaction.MISREADS;
    }

    private static String css(Cell cell) {
        return switch (cell) {
            case Cell.Seen seen -> seen.reaction().text();
            case Cell.NotApplicable _, Cell.Unavailable _ -> "none";
        };
    }

    private static String sign(Cell cell) {
        return cell instanceof Cell.Seen seen ? sign(seen.reaction()) : "–";
    }

    private static String sign(Reaction reaction) {
        return switch (reaction) {
            case ACCEPTS -> "✓";
            case REJECTS -> "✗";
            case MISREADS -> "!";
            case HANGS -> "…";
        };
    }
}
