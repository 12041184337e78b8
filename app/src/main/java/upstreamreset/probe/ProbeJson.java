// SPDX-License-Identifier: Apache-2.0
package upstreamreset.probe;

import java.io.PrintWriter;
import java.util.Locale;
import tools.jackson.core.JsonGenerator;
import upstreamreset.output.JsonLines;
import upstreamreset.verdict.JudgedResponseJson;
import upstreamreset.wire.Printable;

/** What a probe found as one JSON object a URL, in the vocabulary of all commands: {@code responses} are such records. */
public final class ProbeJson {
    private final JsonLines lines;

    public ProbeJson(PrintWriter out) {
        lines = new JsonLines(out);
    }

    public void print(ProbeResult result) {
        lines.print(json -> {
            json.writeStringProperty("url", Printable.of(result.target().text()));
            json.writeBooleanProperty("healthy", result.healthy());
            switch (result) {
                case ProbeResult.Unreachable unreachable ->
                    json.writeStringProperty("error", Printable.of(unreachable.reason()));
                case ProbeResult.Answered answered -> answered(json, answered);
            }
        });
    }

    private static void answered(JsonGenerator json, ProbeResult.Answered answered) {
        json.writeStringProperty(
                "connection", answered.reuse().name().toLowerCase(Locale.ROOT).replace('_', '-'));
        json.writeArrayPropertyStart("responses");
        var judged = answered.judged();
        for (int i = 0; i < judged.size(); i++) {
            var exchange = answered.exchanges().get(i);
            json.writeStartObject();
            JudgedResponseJson.write(json, judged.get(i));
            json.writeNumberProperty("millis", exchange.took().toMillis());
            json.writeBooleanProperty("endless", exchange.endless());
            if (judged.get(i).observed()) {
                JudgedResponseJson.verdict(json, "model", exchange.verdict(), false);
                answered.replayed().ifPresent(observed -> altered(json, observed));
            }
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private static void altered(JsonGenerator json, ProbeResult.Replayed observed) {
        JsonLines.objects(json, "altered", observed.alterations(), each -> {
            json.writeStringProperty("what", each.what());
            json.writeStringProperty("sent", each.sent());
            json.writeStringProperty("arrived", each.arrived());
        });
    }
}
