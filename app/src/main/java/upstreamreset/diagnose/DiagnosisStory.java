// SPDX-License-Identifier: Apache-2.0
package upstreamreset.diagnose;

import java.util.ArrayList;
import java.util.List;
import upstreamreset.accesslog.LogField;
import upstreamreset.page.Story;
import upstreamreset.page.Story.Tone;
import upstreamreset.verdict.Finding;

/** A diagnosis as a story for a page: the finding, each party's view, the bytes, and the fix. */
public final class DiagnosisStory {
    private final Diagnosis diagnosis;

    private DiagnosisStory(Diagnosis diagnosis) {
        this.diagnosis = diagnosis;
    }

    public static Story of(Diagnosis diagnosis) {
        return new DiagnosisStory(diagnosis).story();
    }

    private Story story() {
        var conclusion = diagnosis.conclusion();
        var parts = new ArrayList<Story.Part>();
        if (!(diagnosis.past() instanceof PastSidecar.NotAsked)) {
            parts.add(sequence());
        }
        parts.add(new Story.Facts("What stands there", facts()));
        if (diagnosis.past() instanceof PastSidecar.Answered(var answer, var _)) {
            var judged = answer.judged().getFirst();
            parts.add(new Story.Wire(
                    "The app, asked past its sidecar, sent",
                    answer.exchanges().getFirst().received(),
                    judged.findings(),
                    "closed by: " + judged.closedBy()));
            if (!judged.findings().isEmpty()) {
                parts.add(Story.Advice.of("Why, and what to change", judged));
            }
        }
        if (!conclusion.cause().isEmpty() && findings().isEmpty()) {
            parts.add(new Story.Advice(
                    "Why, and what to change",
                    List.of(new Story.Cause(
                            conclusion.id(), conclusion.section(), conclusion.cause(), conclusion.fix()))));
        }
        if (!diagnosis.log().failures().isEmpty()) {
            parts.add(new Story.Facts("What failed, by its sidecar's log", failures()));
        }
        if (!conclusion.next().isEmpty()) {
            parts.add(new Story.Listing("Next", conclusion.next()));
        }
        return new Story(title(), tone(), DiagnosisText.headline(conclusion) + ".", parts);
    }

    private List<Finding> findings() {
        return diagnosis.past() instanceof PastSidecar.Answered(var answer, var _)
                ? answer.judged().getFirst().findings()
                : List.of();
    }

    private Tone tone() {
        var conclusion = diagnosis.conclusion();
        return conclusion.found() ? Tone.BAD : conclusion.unread() ? Tone.UNKNOWN : Tone.GOOD;
    }

    private String title() {
        var pod = diagnosis.look().pod();
        var place = pod.text() + " in " + pod.namespace();
        return diagnosis
                .question()
                .path()
                .map(path -> request(path) + " at " + place)
                .orElse(place);
    }

    private String request(String path) {
        return diagnosis.question().request().method() + " " + path;
    }

    private Story.Sequence sequence() {
        var asked = request(diagnosis.question().path().orElse("/"));
        boolean sidecar = diagnosis.look().hasSidecar();
        var lanes = sidecar ? List.of("you", "sidecar", "app") : List.of("you", "app");
        int app = lanes.size() - 1;
        var steps = new ArrayList<Story.Step>();
        steps.add(new Story.Step(0, app, Tone.UNKNOWN, asked, "by port-forward, past the sidecar"));
        switch (diagnosis.past()) {
            case PastSidecar.Answered(var answer, var proof) -> {
                var judged = answer.judged().getFirst();
                steps.add(new Story.Step(
                        app,
                        0,
                        judged.findings().isEmpty() ? Tone.GOOD : Tone.BAD,
                        judged.status() + ", " + answer.exchanges().getFirst().total() + " bytes",
                        proof.orElse("")));
            }
            case PastSidecar.WentThrough(var _, var why) ->
                steps.add(new Story.Step(app, 0, Tone.UNKNOWN, "answered", why));
            case PastSidecar.Refused(var port) ->
                steps.add(new Story.Step(app, 0, Tone.BAD, "refuses", "nothing listens on port " + port));
            case PastSidecar.OtherProtocol(var _, var why) -> steps.add(new Story.Step(app, 0, Tone.BAD, why, ""));
            case PastSidecar.Failed(var why) -> steps.add(new Story.Step(0, 0, Tone.UNKNOWN, "no answer", why));
            case PastSidecar.NotAsked(var why) -> steps.add(new Story.Step(0, 0, Tone.UNKNOWN, "not asked", why));
        }
        switch (diagnosis.through()) {
            case ThroughSidecar.Answered answer -> {
                steps.add(new Story.Step(0, 1, Tone.UNKNOWN, asked, "by the API server's Pod proxy"));
                var codec = answer.codec()
                        .reason()
                        .map(each -> "its codec said: " + each)
                        .orElse("");
                steps.add(new Story.Step(1, 0, answer.failed() ? Tone.BAD : Tone.GOOD, answer.text(), codec));
            }
            case ThroughSidecar.NotReached(var why, var _, var _) ->
                steps.add(new Story.Step(0, 1, Tone.BAD, "not reached", why));
            case ThroughSidecar.NotAsked(var why) ->
                steps.add(new Story.Step(0, 0, Tone.UNKNOWN, "not asked through the sidecar", why));
        }
        return new Story.Sequence("What passed between them", lanes, steps);
    }

    private List<Story.Fact> facts() {
        var look = diagnosis.look();
        var facts = new ArrayList<Story.Fact>();
        facts.add(new Story.Fact("Pod", DiagnosisText.place(look)));
        look.policies().touching().forEach(each -> facts.add(new Story.Fact("touches it", each)));
        look.notes().forEach(each -> facts.add(new Story.Fact("note", each)));
        look.unread().forEach(each -> facts.add(new Story.Fact("not read", each)));
        var log = diagnosis.log();
        facts.add(new Story.Fact(
                "log", log.problem().orElse("%d requests, %d failed".formatted(log.requests(), log.failed()))));
        diagnosis
                .ambient()
                .ifPresent(each ->
                        new AmbientText(line -> facts.add(new Story.Fact("ztunnel", line.strip()))).print(each));
        if (!diagnosis.withheld().isEmpty()) {
            facts.add(new Story.Fact("withheld", diagnosis.withheld()));
        }
        if (diagnosis.through() instanceof ThroughSidecar.Answered answer) {
            answer.line()
                    .flatMap(hop -> hop.entry().text(LogField.RESPONSE_CODE_DETAILS))
                    .ifPresent(each -> facts.add(new Story.Fact("sidecar's details", each)));
            answer.codec().fields().forEach(each -> facts.add(new Story.Fact("field on the wire", each)));
        }
        return facts;
    }

    private List<Story.Fact> failures() {
        boolean gateway = diagnosis.look().port().isEmpty();
        return diagnosis.log().failures().stream()
                .limit(20)
                .map(way -> new Story.Fact(
                        way.count() + " × " + way.answer(), way.method() + " " + way.path() + "; " + way.by(gateway)))
                .toList();
    }
}
