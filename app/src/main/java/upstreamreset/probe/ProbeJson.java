// SPDX-License-Identifier: Apache-2.0
package upstreamreset.probe;

import java.io.PrintWriter;
import java.util.Locale;
import java.util.stream.IntStream;
import upstreamreset.output.Json;
import upstreamreset.verdict.JudgedResponseJson;
import upstreamreset.wire.Printable;

/**
 * A probe's results as one JSON object for each URL, in the vocabulary of all commands: {@code responses} are judged
 * responses.
 */
public record ProbeJson(PrintWriter out) {
    public void print(ProbeResult result) {
        Json.print(out, json -> {
            json.field("url", Printable.of(result.target().text()));
            json.field("healthy", result.healthy());
            json.field("millis", result.took().toMillis());
            switch (result) {
                case ProbeResult.Unreachable unreachable -> json.field("error", Printable.of(unreachable.reason()));
                case ProbeResult.Answered answered -> answered(json, answered);
            }
        });
    }

    private static void answered(Json json, ProbeResult.Answered answered) {
        json.strings("notes", ProbeSummary.notes(answered));
        json.field(
                "connection", answered.reuse().name().toLowerCase(Locale.ROOT).replace('_', '-'));
        var responses = answered.judged();
        json.objects("responses", IntStream.range(0, responses.size()).boxed().toList(), i -> {
            var judged = responses.get(i);
            var exchange = answered.exchanges().get(i);
            JudgedResponseJson.write(json, judged);
            json.field("millis", exchange.took().toMillis());
            json.field("endless", exchange.streaming());
            json.field("compressible", exchange.compressible());
            if (judged.observed()) {
                JudgedResponseJson.verdict(json, "model", exchange.verdict(), false);
                answered.replayed().ifPresent(observed -> altered(json, observed));
            }
        });
    }

    private static void altered(Json json, ReplayResult observed) {
        json.objects("altered", observed.alterations(), each -> {
            json.field("what", each.what());
            json.field("sent", each.sent());
            json.field("arrived", each.arrived());
        });
    }
}
