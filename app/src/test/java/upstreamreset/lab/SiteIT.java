// SPDX-License-Identifier: Apache-2.0
package upstreamreset.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;
import upstreamreset.election.Candidacy;
import upstreamreset.election.SeenTerm;
import upstreamreset.scenario.Catalogue;
import upstreamreset.scenario.Scenario;
import upstreamreset.server.AppServer;
import upstreamreset.server.ServeOptions;
import upstreamreset.testing.Chromium;
import upstreamreset.testing.RealParts;

/** The app's page in a real browser, through a real Envoy and past it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SiteIT {
    private static final int SCENARIOS = new Catalogue().all().size();

    private final Scenario wrong = new Catalogue().find("wrong").orElseThrow();
    private Lab lab;

    @TempDir
    Path folder;

    @BeforeAll
    void start() throws Exception {
        RealParts.program("chromium");
        lab = Lab.start(
                RealParts.envoy(),
                new Lab.Options(false, ServeOptions.onFreePort().withStream(5, Duration.ofMillis(20))),
                List.of(wrong));
    }

    @AfterAll
    void stop() {
        if (lab != null) {
            lab.close();
        }
    }

    private Chromium open(URI way) throws Exception {
        var browser = new Chromium(folder, way.resolve("/"));
        browser.await("document.querySelectorAll('.scenarios > li').length === " + SCENARIOS);
        return browser;
    }

    private Chromium throughEnvoy() throws Exception {
        return open(lab.uri(wrong));
    }

    private Chromium pastEnvoy() throws Exception {
        return open(lab.appUri(wrong));
    }

    private static void press(Chromium browser, String name) throws Exception {
        browser.value("document.querySelector('#s-" + name + " button').click()");
        browser.await("document.querySelector('#s-" + name + " .detail mark, #s-" + name + " .detail dl') !== null");
    }

    @Test
    void throughEnvoyWrongIs502AndTheAppsBytesStandBesideIt() throws Exception {
        try (var browser = throughEnvoy()) {
            assertThat(browser.value("document.getElementById('way').textContent"))
                    .startsWith("You came through an Envoy");
            press(browser, "wrong");
            assertThat(browser.value("document.querySelector('#s-wrong .seen').textContent"))
                    .isEqualTo("✓ as expected: 502, 87 bytes");
            assertThat(browser.value("document.querySelector('#s-wrong .detail').textContent"))
                    .contains("502 Bad Gateway made by Envoy", "upstream connect error", "duplicate-transfer-encoding");
            assertThat(browser.value(
                            "[...document.querySelectorAll('#s-wrong mark')].map(m => m.textContent).join('')"))
                    .isEqualTo("Transfer-Encoding: Chunked\\r\\n\nTransfer-Encoding: chunked\\r\\n\n");
        }
    }

    @Test
    void pastEnvoyTheBrowserTakesWhatEnvoyRefuses() throws Exception {
        try (var browser = pastEnvoy()) {
            assertThat(browser.value("document.getElementById('way').textContent"))
                    .startsWith("You came past every sidecar");
            press(browser, "wrong");
            assertThat(browser.value("document.querySelector('#s-wrong .seen').textContent"))
                    .isEqualTo("→ past the sidecar: 200, 30 bytes");
            assertThat(browser.value("document.querySelector('#s-wrong .detail').textContent"))
                    .contains(
                            "made by the app",
                            "Behind a sidecar, Envoy is expected to do this: ✗ resets-before 502 UPE");
        }
    }

    /**
     * A browser sees all that it can ask for as the catalogue has it of Envoy's client; for what it cannot ask for, the page and
     * the file say why.
     */
    @Test
    void tryAllIsWhatTheCatalogueExpectsAndIsSaved() throws Exception {
        try (var browser = throughEnvoy()) {
            browser.call("Browser.setDownloadBehavior", Map.of("behavior", "allow", "downloadPath", folder.toString()));
            browser.value("document.getElementById('all').click()");
            browser.await("document.body.dataset.tried > 0");
            browser.value("document.getElementById('save').click()");
            var file = folder.resolve("upstream-reset.json");
            Awaitility.await().until(() -> Files.exists(file) && Files.size(file) > 0);
            var differing = new TreeMap<String, String>();
            int same = 0;
            for (JsonNode each : new ObjectMapper().readTree(file).path("results")) {
                switch (each.path("result").asString()) {
                    case "same" -> same++;
                    case "differs" ->
                        differing.put(
                                each.path("scenario").asString(),
                                each.path("differences").toString());
                    default -> {
                        assertThat(each.path("result").asString()).isEqualTo("cannot");
                        assertThat(each.path("why").asString()).isNotEmpty();
                    }
                }
            }
            assertThat(differing).isEmpty();
            assertThat(same).isGreaterThan(100);
            assertThat(browser.value("document.getElementById('sum').textContent"))
                    .startsWith(SCENARIOS + " of " + SCENARIOS + " scenarios shown, " + same + " tried, " + same
                            + " as expected, 0 differ, ");
        }
    }

    @Test
    void axeFindsNothingInTheDarkAndInTheLightAlsoOnAPhone() throws Exception {
        try (var browser = throughEnvoy()) {
            press(browser, "te-twice");
            press(browser, "correct");
            browser.await("document.querySelectorAll('#answers li').length >= 2");
            browser.value("document.querySelector('#answers details').open = true");
            for (var scheme : List.of("light", "dark")) {
                browser.colours(scheme);
                assertThat(browser.accessibilityFindings()).as(scheme).isEmpty();
            }
            browser.resize(360, 800);
            assertThat(browser.accessibilityFindings()).as("360 px").isEmpty();
            assertThat(browser.value("document.documentElement.scrollWidth <= 360"))
                    .as("nothing is wider")
                    .isEqualTo("true");
        }
        for (var path : List.of("/scenarios", "/scenarios/te-twice/about")) {
            try (var browser = new Chromium(folder, lab.uri(wrong).resolve(path))) {
                assertThat(browser.accessibilityFindings()).as(path).isEmpty();
                browser.resize(360, 800);
                assertThat(browser.value("document.documentElement.scrollWidth <= 360"))
                        .as(path)
                        .isEqualTo("true");
            }
        }
    }

    @Test
    void itIsUsedByKeyboardAlone() throws Exception {
        try (var browser = throughEnvoy()) {
            browser.key("Tab");
            assertThat(browser.value("document.activeElement.textContent")).isEqualTo("Skip to the scenarios");
            browser.key("Enter");
            assertThat(browser.value("document.activeElement.id")).isEqualTo("try");
            browser.key("/");
            assertThat(browser.value("document.activeElement.id")).isEqualTo("search");
            browser.type("nobody-204-te");
            assertThat(browser.value("document.getElementById('sum').textContent"))
                    .startsWith("1 of " + SCENARIOS + " scenarios shown");
            for (int i = 0; i < 2; i++) { // past "Try all": "Save results" is disabled
                browser.key("Tab");
            }
            assertThat(browser.value("document.activeElement.getAttribute('aria-label')"))
                    .isEqualTo("Try nobody-204-te");
            assertThat(browser.value("getComputedStyle(document.activeElement).outlineStyle"))
                    .isEqualTo("solid");
            browser.key("Enter");
            browser.await("document.querySelector('#s-nobody-204-te .detail mark') !== null");
            assertThat(browser.value("document.querySelector('#s-nobody-204-te .seen').textContent"))
                    .startsWith("✓ as expected: 502");
            browser.await("document.activeElement.getAttribute('aria-label') === 'Try nobody-204-te'");
        }
    }

    @Test
    void theLiveViewShowsWhatThePodSent() throws Exception {
        try (var browser = throughEnvoy()) {
            browser.await("document.getElementById('live-state').textContent === 'Connected.'");
            press(browser, "te-twice");
            browser.await("document.querySelector('#answers summary')?.textContent.includes('te-twice')");
            assertThat(browser.value("document.querySelector('#answers pre').textContent"))
                    .startsWith("HTTP/1.1 200 OK\\r\\n\nTransfer-Encoding: chunked\\r\\n\n");
        }
    }

    @Test
    void theLanesShowEachTermAndTheGapBeforeIt() throws Exception {
        var start = Instant.parse("2026-11-29T12:00:00Z");
        var killed = new SeenTerm("http-chunked-0", 1, start, Optional.of(start.plusSeconds(30)), Optional.empty());
        var next = new SeenTerm(
                "http-chunked-1<b>",
                2,
                start.plusMillis(45_120),
                Optional.empty(),
                Optional.of(Duration.ofMillis(15_120)));
        var terms = new AtomicReference<>(List.of(killed));
        var election = new Candidacy() {
            @Override
            public List<SeenTerm> terms() {
                return terms.get();
            }
        };
        try (var app = AppServer.start(ServeOptions.onFreePort(), "1", () -> election);
                var browser = open(app.uri())) {
            browser.await("document.querySelectorAll('#lanes .bar').length === 1");
            terms.set(List.of(killed, next));
            browser.await("document.querySelectorAll('#lanes .bar').length === 2");
            assertThat(browser.value("document.querySelectorAll('#lanes .lane').length"))
                    .isEqualTo("2");
            assertThat(browser.value("document.getElementById('lanes').textContent"))
                    .contains("15120 ms");
            assertThat(browser.value("document.getElementById('terms').textContent"))
                    .contains("term 2: http-chunked-1<b> from 12:00:45.120 until now, 15120 ms after the one before");
            assertThat(browser.value("document.querySelector('#who [data-of=leader]').textContent"))
                    .isEqualTo("http-chunked-1<b>");
            assertThat(browser.accessibilityFindings()).isEmpty();
        }
    }

    /** An answer may hold anything: in the panel it is text. */
    @Test
    void hostileAnswersStayText() throws Exception {
        try (var browser = pastEnvoy()) {
            browser.value("""
                    (() => {
                      const hostile = "<script>document.title='owned'</script><img src=x onerror=document.title='owned'>";
                      const real = window.fetch;
                      window.fetch = (url, options) => String(url).includes('about') ? real(url, options) : Promise.resolve(
                        new Response(hostile + '\\u001b[2J\\u202e' + 'a'.repeat(1 << 20),
                          {status: 200, statusText: 'OK', headers: {'X-A': hostile.replaceAll('<', '&lt;')}}));
                    })()""");
            press(browser, "te-twice");
            assertThat(browser.value("document.title")).isEqualTo("upstream-reset");
            assertThat(browser.value("document.images.length + ' ' + document.querySelectorAll('main script').length"))
                    .isEqualTo("0 0");
            assertThat(browser.value("document.querySelector('#s-te-twice pre').textContent"))
                    .contains("<img src=x onerror", "\\x1b[2J", "bytes more");
            browser.resize(360, 800);
            assertThat(browser.value("document.documentElement.scrollWidth <= 360"))
                    .isEqualTo("true");
        }
    }

    /** What the policy forbids does not happen, and nothing comes from anywhere else. */
    @Test
    void nothingIsLoadedFromElsewhereAndNoOtherScriptRuns() throws Exception {
        try (var browser = throughEnvoy()) {
            assertThat(browser.value(
                            "performance.getEntriesByType('resource').every(e => e.name.startsWith(location.origin))"))
                    .isEqualTo("true");
            browser.value(
                    "(() => { const s = document.createElement('script'); s.textContent = 'document.title=\"owned\"';"
                            + " document.body.append(s); document.body.insertAdjacentHTML('beforeend',"
                            + " '<img src=x onerror=\"document.title=1\">'); })()");
            assertThat(browser.value("document.title")).isEqualTo("upstream-reset");
            assertThat(browser.awaited("fetch('http://127.0.0.2:1/').then(() => 'loaded', () => 'refused')"))
                    .isEqualTo("refused");
        }
    }
}
