// SPDX-License-Identifier: Apache-2.0
package upstreamreset.sidecar;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import upstreamreset.accesslog.LogField;
import upstreamreset.accesslog.LoggedExchange;
import upstreamreset.accesslog.ResponseFlag;
import upstreamreset.lab.Passage;
import upstreamreset.page.Story;
import upstreamreset.page.Story.Tone;
import upstreamreset.verdict.Outcome;

/** A request that passed the sidecars as a story for a page. */
final class SidecarStory {
    private SidecarStory() {}

    /**
     * The story of one request.
     *
     * @param hops its line at each sidecar, the client's first
     * @param asked our own request, if the client was {@code --ask}
     */
    static Story of(List<PassedRequest> hops, Optional<AskedRequest> asked) {
        var last = hops.getLast();
        var passage = new Passage(
                request(last),
                hops.stream().map(PassedRequest::log).toList(),
                last.verdict(),
                last.judged(),
                last.sent(),
                last.lines(),
                OptionalInt.empty());
        var problem = asked.map(AskedRequest::problem).orElse("");
        var tone = tone(last, problem);
        var after = last.log()
                .entry()
                .text(LogField.DURATION)
                .map(each -> "after " + each + " ms")
                .orElse("");
        var parts = passage.parts(
                tone,
                asked.map(each -> Passage.arrived(each.client())).orElseGet(passage::loggedResult),
                after,
                asked.map(SidecarStory::ofClient).orElse(List.of()));
        return new Story(passage.title(), tone, verdict(last, passage, problem), parts);
    }

    private static String request(PassedRequest request) {
        var entry = request.log().entry();
        return entry.text(LogField.METHOD).orElse("?") + " "
                + entry.text(LogField.PATH).orElse("?");
    }

    private static Tone tone(PassedRequest request, String problem) {
        if (request.wrong() || !problem.isEmpty()) {
            return Tone.BAD;
        }
        return request.verdict().outcome() == Outcome.PASSES && !request.atClient() ? Tone.GOOD : Tone.UNKNOWN;
    }

    private static String verdict(PassedRequest request, Passage passage, String problem) {
        if (request.refused()) {
            return "Envoy did not reach the app: " + PassedRequestText.words(request) + ".";
        }
        if (!problem.isEmpty()) {
            return "The client stopped waiting: " + problem + ".";
        }
        if (!request.wrong() && LoggedExchange.of(request.log().entry()).has(ResponseFlag.DC)) {
            return "The client closed the connection before the response ended; nothing was wrong until then.";
        }
        if (request.verdict().status() == PassedRequest.SWITCHED && !request.wrong()) {
            return "The connection changed to another protocol, and then it ended.";
        }
        return "Envoy " + request.verdict().version() + " did: "
                + (request.wrong() && request.verdict().outcome() == Outcome.PASSES
                        ? PassedRequestText.words(request) + "."
                        : passage.sentence());
    }

    private static List<Story.Part> ofClient(AskedRequest asked) {
        var parts = new ArrayList<Story.Part>();
        parts.add(Passage.clientGot(asked.client()));
        var facts = new ArrayList<Story.Fact>();
        if (!asked.note().isEmpty()) {
            facts.add(new Story.Fact("note", asked.note()));
        }
        asked.alterations()
                .forEach(each ->
                        facts.add(new Story.Fact(each.what(), "sent " + each.sent() + ", arrived " + each.arrived())));
        if (!facts.isEmpty()) {
            parts.add(new Story.Facts("On the way", facts));
        }
        return parts;
    }
}
