// SPDX-License-Identifier: Apache-2.0
package upstreamreset.scenario;

import java.util.List;
import java.util.stream.Collectors;
import upstreamreset.output.Json;
import upstreamreset.wire.Printable;

/** A scenario as JSON: its bytes, why they are wrong, and a real Envoy's {@code verdict}. */
public final class ScenarioJson {
    private ScenarioJson() {}

    /** An array of all, as text. */
    public static String of(List<Scenario> scenarios) {
        return scenarios.stream().map(ScenarioJson::of).collect(Collectors.joining(",", "[", "]"));
    }

    /** One, as a line of text. */
    public static String of(Scenario scenario) {
        return Json.object(json -> write(json, scenario));
    }

    private static void write(Json json, Scenario scenario) {
        json.field("name", scenario.name());
        json.field("family", scenario.family());
        json.field("sentence", scenario.sentence());
        scenario.livePath().ifPresent(path -> json.field("path", path));
        if (scenario.liveInHttp2()) {
            json.field("http2Path", scenario.path());
        }
        json.strings("wire", scenario.stepsInWords());
        scenario.breaks().ifPresent(breaks -> json.field("rule", breaks.text()));
        json.strings("seenIn", scenario.seenIn());
        scenario.fix().ifPresent(fix -> json.field("fix", fix));
        json.object("envoy", fields -> verdict(fields, scenario.expectation()));
        json.objects("older", scenario.older(), each -> {
            verdict(json, each.expectation());
            json.field("before", each.version());
        });
        json.strings("sidecar", texts(scenario.mesh().sidecar()));
        scenario.mesh().client().ifPresent(edits -> json.strings("clientSidecar", texts(edits)));
    }

    private static List<String> texts(List<?> edits) {
        return edits.stream().map(Object::toString).toList();
    }

    private static void verdict(Json json, Expectation expectation) {
        json.field("outcome", expectation.outcome().text());
        json.field("status", expectation.status());
        json.field("flags", expectation.flags());
        json.field("details", Printable.of(expectation.details()));
        json.field("message", expectation.codecMessage().orElse(""));
        json.field("calls", expectation.attempts());
        json.field("clientCanTell", expectation.clientCanTell());
        json.field("observed", true);
    }
}
