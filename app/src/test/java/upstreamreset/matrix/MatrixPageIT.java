// SPDX-License-Identifier: Apache-2.0
package upstreamreset.matrix;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import upstreamreset.scenario.Catalogue;
import upstreamreset.scenario.Scenario;
import upstreamreset.testing.Chromium;
import upstreamreset.testing.PageChecks;
import upstreamreset.verdict.Outcome;
import upstreamreset.verdict.Verdict;

/** The matrix page in a real browser: its filter, its cells, the keyboard, and print. */
class MatrixPageIT {
    private static final String COUNT = "document.getElementById('count').textContent";

    @TempDir
    Path folder;

    @Test
    void itIsFilteredByWordsAndByWhatStandsOut() throws Exception {
        try (var browser = new Chromium(folder, page())) {
            assertThat(browser.value(COUNT)).isEqualTo("4 of 4 scenarios");
            browser.key("/");
            browser.type("twice rejects");
            assertThat(browser.value(COUNT)).isEqualTo("1 of 4 scenarios");
            assertThat(shown(browser)).isEqualTo("te-twice");
            browser.key("Escape");
            assertThat(browser.value(COUNT)).isEqualTo("4 of 4 scenarios");
            browser.key("Tab");
            browser.key(" ");
            assertThat(shown(browser)).isEqualTo("cl-too-short");
            browser.key(" ");
            browser.key("Tab");
            browser.key(" ");
            assertThat(shown(browser)).isEqualTo("wrong");
        }
    }

    @Test
    void whatDiffersBetweenVersionsOfEnvoyStandsOutWithoutColourToo() throws Exception {
        try (var browser = new Chromium(folder, page())) {
            assertThat(browser.value(
                            "[...document.querySelectorAll('.cell.other')].map(c => c.textContent.trim()).join()"))
                    .isEqualTo("✓ ≠ accepts 200, 5 B");
            assertThat(browser.value("document.querySelector('.row.differ th').textContent.trim()"))
                    .isEqualTo("cl-too-short ≠");
            assertThat(browser.value("new Set([...document.querySelectorAll('.legend .cell')].map(c =>"
                            + " getComputedStyle(c).borderLeftStyle)).size"))
                    .isEqualTo("4");
        }
    }

    @Test
    void aCellLeadsToTheBytesAndToWhatEachSaidOfThem() throws Exception {
        try (var browser = new Chromium(folder, page())) {
            assertThat(browser.value("document.getElementById('d-wrong').hidden"))
                    .isEqualTo("true");
            browser.value("document.querySelector('#d-wrong').previousElementSibling.querySelector('td a').focus()");
            browser.key("Enter");
            assertThat(browser.value("document.getElementById('d-wrong').hidden"))
                    .isEqualTo("false");
            assertThat(browser.value("document.activeElement.closest('tr').id")).isEqualTo("d-wrong");
            assertThat(browser.value("document.querySelector('#d-wrong').textContent"))
                    .contains(
                            "The app itself serves it at /wrong.",
                            "nginx 1.22.1",
                            "misreads 200, 15 B: what nginx said");
            browser.value("document.querySelector('#d-te-twice').previousElementSibling.querySelector('th a').click()");
            assertThat(browser.value("document.querySelector('#d-te-twice mark').textContent"))
                    .contains("Transfer-Encoding");
            PageChecks.nothingForeign(browser);
            PageChecks.layoutHolds(browser);
        }
    }

    private static String shown(Chromium browser) throws Exception {
        return browser.value(
                "[...document.querySelectorAll('.row:not([hidden]) th a')].map(a => a.textContent).join()");
    }

    private Path page() throws Exception {
        var catalogue = new Catalogue();
        List<Scenario> scenarios = Stream.of("correct", "wrong", "te-twice", "cl-too-short")
                .map(name -> catalogue.find(name).orElseThrow())
                .toList();
        var accepts = new Cell.Seen(Reaction.ACCEPTS, 200, 5, "", Optional.empty(), List.of());
        var misreads = new Cell.Seen(Reaction.MISREADS, 200, 15, "what nginx said", Optional.empty(), List.of());
        var rejects = new Cell.Seen(
                Reaction.REJECTS,
                502,
                87,
                "",
                Optional.of(new Verdict(
                        Outcome.RESETS_BEFORE, 502, "UPE", "upstream_reset_before_response_started", "", "1.40.0")),
                List.of());
        var file = folder.resolve("matrix.html");
        MatrixPage.write(
                file,
                "test",
                new Matrix(
                        scenarios,
                        List.of(
                                envoy("1.36.2", accepts, rejects, rejects, accepts),
                                envoy("1.40.0", accepts, rejects, rejects, rejects),
                                new Column(
                                        Implementation.NGINX,
                                        "nginx 1.22.1",
                                        Optional.empty(),
                                        List.of(accepts, misreads, accepts, accepts)))));
        return file;
    }

    private static Column envoy(String version, Cell... cells) {
        return new Column(Implementation.ENVOY, "envoy " + version, Optional.empty(), List.of(cells));
    }
}
