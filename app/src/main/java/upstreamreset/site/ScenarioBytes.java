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
import upstreamreset.scenario.Scenario;
import upstreamreset.scenario.Source;
import upstreamreset.scenario.WireScript;
import upstreamreset.scenario.WireStep;
import upstreamreset.verdict.Finding;
import upstreamreset.verdict.JudgedResponse;
import upstreamreset.verdict.Verdict;
import upstreamreset.wire.Bytes;

/** The bytes of a scenario's app, response by response, with the guilty bytes marked, and the end of the connection. */
public final class ScenarioBytes {
    private final Html html;
    private final Scenario scenario;

    private ScenarioBytes(Html html, Scenario scenario) {
        this.html = html;
        this.scenario = scenario;
    }

    /**
     * Writes the bytes of a scenario, guilty lines marked.
     *
     * @param own the app's own bytes at a path; empty if unknown here
     */
    public static void write(Html html, Scenario scenario, Function<String, Optional<Bytes>> own) throws IOException {
        var bytes = new ScenarioBytes(html, scenario);
        switch (scenario.source()) {
            case Source.Nobody _ ->
                html.element("p", "Nobody listens: the connection is refused.").line();
            case Source.App(var path) -> {
                var known = own.apply(path);
                if (known.isPresent()) {
                    bytes.response(known.get(), CloseReason.OPEN);
                } else {
                    html.element("p", "The app itself serves it at " + path + ".")
                            .line();
                }
            }
            case WireScript script when script.protocol() == WireScript.Protocol.HTTP_2 -> bytes.answer(script.steps());
            case WireScript script -> {
                for (var answer : answers(script)) {
                    bytes.answer(answer);
                }
            }
        }
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

    private void answer(List<WireStep> steps) throws IOException {
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
}
