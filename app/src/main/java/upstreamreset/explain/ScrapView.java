// SPDX-License-Identifier: Apache-2.0
package upstreamreset.explain;

import java.io.PrintWriter;
import upstreamreset.output.Json;
import upstreamreset.output.WordWrap;
import upstreamreset.verdict.Remedy;

/** An explained scrap, as text and as JSON. */
record ScrapView(PrintWriter out) {
    private static final int MAX_WORDS = 200;

    void text(ScrapLog.Counted counted) {
        var scrap = counted.explanation();
        out.println(words(scrap) + (counted.count() > 1 ? "  (" + counted.count() + " times)" : ""));
        WordWrap.lines("  ", Shown.text(scrap.verdict())).forEach(out::println);
        ExplanationText.appRan(out, scrap.appRan());
        ExplanationText.notes(out, scrap.notes());
        ExplanationText.causes(out, ExplanationText.LIKELY, scrap.causes());
        for (var rule : scrap.rules()) {
            WordWrap.lines("  fix of " + rule.id() + ": ", Remedy.of(rule).fix())
                    .forEach(out::println);
        }
        out.println();
    }

    void json(ScrapLog.Counted counted) {
        var scrap = counted.explanation();
        Json.print(out, json -> {
            json.field("scrap", words(scrap));
            json.field("speaker", scrap.speaker());
            json.field("count", counted.count());
            ExplanationJson.findings(json, scrap.rules());
            json.field("failed", scrap.failed());
            json.field("verdict", Shown.text(scrap.verdict()));
            scrap.appRan().ifPresent(times -> json.field("appRan", times));
            ExplanationJson.notes(json, scrap.notes());
            ExplanationJson.causes(json, scrap.causes());
        });
    }

    private static String words(ScrapExplanation scrap) {
        var words = scrap.words();
        return Shown.text(words.length() > MAX_WORDS ? words.substring(0, MAX_WORDS) + "..." : words);
    }
}
