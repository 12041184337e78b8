// SPDX-License-Identifier: Apache-2.0
package upstreamreset.site;

import java.io.IOException;
import java.util.Optional;
import java.util.function.Function;
import upstreamreset.page.Html;
import upstreamreset.scenario.BrokenRule;
import upstreamreset.scenario.Expectation;
import upstreamreset.scenario.Scenario;
import upstreamreset.wire.Bytes;

/**
 * One scenario as a page: the bytes that the app sends with the guilty ones marked, the rule, the fix, and what Envoy
 * does.
 */
public final class AboutPage {
    private final Html html;
    private final Scenario scenario;

    private AboutPage(Html html, Scenario scenario) {
        this.html = html;
        this.scenario = scenario;
    }

    /**
     * The page of a scenario.
     *
     * @param own what the app sends at a path of its own
     */
    public static String of(Scenario scenario, Function<String, Bytes> own) {
        return SitePage.of(scenario.name() + " · upstream-reset", html -> new AboutPage(html, scenario).write(own));
    }

    private void write(Function<String, Bytes> own) throws IOException {
        html.open("header")
                .open("p")
                .open("a")
                .attribute("href", "/")
                .text("upstream-reset")
                .close("a");
        html.text(" · ")
                .open("a")
                .attribute("href", "/scenarios")
                .text("all scenarios")
                .close("a")
                .close("p");
        html.element("h1", scenario.name())
                .element("p", scenario.sentence())
                .close("header")
                .line();
        html.open("main").attribute("id", "about").line();
        sent(own);
        why();
        envoy();
        ask();
        html.close("main").line();
    }

    private void sent(Function<String, Bytes> own) throws IOException {
        html.open("section")
                .attribute("id", "sent")
                .element("h2", "What the app sends")
                .line();
        ScenarioBytes.write(html, scenario, path -> Optional.of(own.apply(path)));
        html.close("section").line();
    }

    private void why() throws IOException {
        html.open("section")
                .attribute("id", "why")
                .element("h2", "The rule and the fix")
                .open("dl")
                .line();
        fact("rule", scenario.breaks().map(AboutPage::rule).orElse("Nothing is wrong with it."));
        if (scenario.fix().isPresent()) {
            fact("fix", scenario.fix().get());
        }
        for (var place : scenario.seenIn()) {
            fact("seen in", place);
        }
        html.close("dl").close("section").line();
    }

    private static String rule(BrokenRule broken) {
        var id = broken.rule().map(each -> each.id()).orElse("");
        return broken.text().startsWith(id) ? broken.text() : id + " (" + broken.text() + ")";
    }

    private void fact(String name, String value) throws IOException {
        html.element("dt", name).element("dd", value).line();
    }

    private void envoy() throws IOException {
        html.open("section")
                .attribute("id", "envoy")
                .element("h2", "What a real Envoy does with it")
                .open("dl")
                .line();
        fact("Envoy", words(scenario.expectation()));
        for (var older : scenario.older()) {
            fact("before " + older.version(), words(older.expectation()));
        }
        html.close("dl").close("section").line();
    }

    private static String words(Expectation expected) {
        return expected.inShort()
                + " " + expected.details()
                + expected.codecMessage()
                        .map(each -> ", its codec says: " + each)
                        .orElse("")
                + (expected.clientCanTell()
                        ? "; the client can tell that something went wrong."
                        : "; the client sees nothing wrong.");
    }

    private void ask() throws IOException {
        html.open("section").attribute("id", "ask").element("h2", "Ask for it").line();
        if (scenario.livePath().isPresent()) {
            html.open("p")
                    .open("a")
                    .attribute("href", scenario.path())
                    .text(scenario.path())
                    .close("a");
            html.text(" answers with exactly these bytes.").close("p").line();
        } else if (scenario.liveInHttp2()) {
            html.element(
                            "p",
                            "The app has it at " + scenario.path()
                                    + " for clients that begin HTTP/2 with prior knowledge.")
                    .line();
        }
        html.open("pre")
                .text("upstream-reset reproduce " + scenario.name() + "\n")
                .close("pre")
                .close("section")
                .line();
    }
}
