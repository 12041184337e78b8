// SPDX-License-Identifier: Apache-2.0
package upstreamreset.site;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import upstreamreset.http1.CloseReason;
import upstreamreset.http1.ResponseReader;
import upstreamreset.page.Html;
import upstreamreset.page.StoryPage;
import upstreamreset.scenario.BrokenRule;
import upstreamreset.scenario.Expectation;
import upstreamreset.scenario.Scenario;
import upstreamreset.scenario.Source;
import upstreamreset.scenario.WireScript;
import upstreamreset.scenario.WireStep;
import upstreamreset.verdict.Finding;
import upstreamreset.verdict.JudgedResponse;
import upstreamreset.verdict.Verdict;
import upstreamreset.wire.Bytes;

/** One scenario for people: the bytes that the app sends with the guilty ones marked, the rule, the fix, and what Envoy does. */
public final class AboutPage {
    private final Html html;
    private final Scenario scenario;

    private AboutPage(Html html, Scenario scenario) {
        this.html = html;
        this.scenario = scenario;
    }

    /** @param own what the app sends at a path of its own */
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
        switch (scenario.source()) {
            case Source.Nobody _ ->
                html.element("p", "Nobody listens: the connection is refused.").line();
            case Source.App(var path) -> response(own.apply(path), CloseReason.OPEN);
            case WireScript script when script.protocol() == WireScript.Protocol.HTTP_2 -> steps(script.steps());
            case WireScript script -> {
                for (var answer : answers(script)) {
                    steps(answer);
                }
            }
        }
        html.close("section").line();
    }

    /** The steps of a script, from one request to the next. */
    private static List<List<WireStep>> answers(WireScript script) {
        var answers = new ArrayList<List<WireStep>>();
        for (var step : script.steps()) {
            boolean reads = step instanceof WireStep.ReadRequest || step instanceof WireStep.ReadHead;
            if (answers.isEmpty() || (reads && !answers.getLast().isEmpty())) {
                answers.add(new ArrayList<>());
            }
            if (!reads) {
                answers.getLast().add(step);
            }
        }
        return answers;
    }

    private void steps(List<WireStep> steps) throws IOException {
        var sends = steps.stream()
                .filter(WireStep.Send.class::isInstance)
                .map(step -> ((WireStep.Send) step).bytes())
                .toList();
        var end = steps.isEmpty()
                ? CloseReason.OPEN
                : switch (steps.getLast()) {
                    case WireStep.Close _ -> CloseReason.FIN;
                    case WireStep.Reset _ -> CloseReason.RST;
                    case WireStep _ -> CloseReason.OPEN;
                };
        response(Bytes.concat(sends), end);
        for (var step : steps) {
            if (step instanceof WireStep.Pause) {
                html.element("p", "In between it does this: " + step.inWords() + ".")
                        .line();
            }
        }
    }

    private void response(Bytes sent, CloseReason end) throws IOException {
        html.open("pre").attribute("tabindex", 0).attribute("class", "bytes");
        StoryPage.bytes(html, sent, scenario.liveInHttp2() ? List.of() : findings(sent, end));
        html.close("pre").line();
        html.element(
                        "p",
                        sent.length() + " bytes; "
                                + switch (end) {
                                    case FIN -> "then it closes the connection (FIN).";
                                    case RST -> "then it resets the connection (RST).";
                                    case LEFT, OPEN -> "the connection stays open.";
                                })
                .line();
    }

    private List<Finding> findings(Bytes sent, CloseReason end) {
        var method = scenario.request().method();
        var expected = scenario.expectation();
        var verdict = new Verdict(
                expected.outcome(),
                expected.status(),
                expected.flags(),
                expected.details(),
                expected.codecMessage().orElse(""),
                "");
        var judged = JudgedResponse.of(
                new JudgedResponse.Request(method, scenario.path(), Optional.empty()),
                ResponseReader.read(method, sent.toArray(), end),
                "",
                verdict,
                true);
        return judged.findings().stream()
                .filter(each -> !each.rule().ofClient())
                .toList();
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
