// SPDX-License-Identifier: Apache-2.0
package upstreamreset.lab;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import upstreamreset.page.Story;
import upstreamreset.page.Story.Tone;

/** A reproduction as a story for a page: the views of client, sidecars and app, and the cause. */
public final class ReproductionStory {
    private ReproductionStory() {}

    public static Story of(Reproduction reproduction) {
        var judged = reproduction.judged();
        var verdict = judged.envoy();
        var client = reproduction.client();
        var passage = new Passage(
                judged.request().method() + " " + judged.request().target(),
                reproduction.sidecars(),
                verdict,
                Optional.of(judged),
                reproduction.sent(),
                List.of(),
                OptionalInt.of(reproduction.calls()));
        var tone = Passage.tone(verdict.outcome());
        var parts = new ArrayList<>(passage.parts(
                client.complete() ? tone : Tone.BAD,
                Passage.arrived(client),
                "after " + reproduction.took().toMillis() + " ms" + (client.complete() ? "" : "; not whole"),
                List.of(Passage.clientGot(client))));
        parts.add(catalogue(reproduction));
        return new Story(
                passage.title(),
                tone,
                "Envoy " + verdict.version() + (judged.observed() ? " did: " : ", the model expects: ")
                        + passage.sentence(),
                parts);
    }

    private static Story.Facts catalogue(Reproduction reproduction) {
        var scenario = reproduction.scenario();
        var facts = new ArrayList<Story.Fact>();
        facts.add(new Story.Fact("scenario", scenario.name()));
        facts.add(new Story.Fact("says", scenario.sentence()));
        scenario.breaks().ifPresent(breaks -> facts.add(new Story.Fact("rule", breaks.text())));
        scenario.fix().ifPresent(fix -> facts.add(new Story.Fact("fix", fix)));
        facts.add(new Story.Fact(
                "catalogue", reproduction.asExpected() ? "Envoy did what it expects" : "Envoy did something else"));
        reproduction.differences().forEach(each -> facts.add(new Story.Fact("difference", each)));
        return new Story.Facts("In the catalogue", facts);
    }
}
