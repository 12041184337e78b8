// SPDX-License-Identifier: Apache-2.0
package upstreamreset.scenario;

import java.util.List;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;
import upstreamreset.wire.Printable;

/** A scenario as JSON: what it sends, why that is wrong, and the {@code verdict} of a real Envoy on it. */
public final class ScenarioJson {
    private ScenarioJson() {}

    /** An array of all, as text. */
    public static String of(List<Scenario> scenarios) {
        var array = JsonNodeFactory.instance.arrayNode();
        scenarios.forEach(scenario -> array.add(node(scenario)));
        return array.toString();
    }

    /** One, as a line of text. */
    public static String of(Scenario scenario) {
        return node(scenario).toString();
    }

    private static ObjectNode node(Scenario scenario) {
        var json = JsonNodeFactory.instance.objectNode();
        json.put("name", scenario.name());
        json.put("family", scenario.family());
        json.put("sentence", scenario.sentence());
        scenario.livePath().ifPresent(path -> json.put("path", path));
        if (scenario.liveInHttp2()) {
            json.put("http2Path", scenario.path());
        }
        var wire = json.putArray("wire");
        scenario.stepsInWords().forEach(wire::add);
        scenario.rule().ifPresent(rule -> json.put("rule", rule));
        var seenIn = json.putArray("seenIn");
        scenario.seenIn().forEach(seenIn::add);
        scenario.fix().ifPresent(fix -> json.put("fix", fix));
        json.set("envoy", verdict(scenario.expectation()));
        var older = json.putArray("older");
        scenario.older().forEach(each -> older.add(verdict(each.expectation()).put("before", each.version())));
        var edits = json.putArray("sidecar");
        scenario.mesh().sidecar().forEach(edit -> edits.add(edit.toString()));
        scenario.mesh().client().ifPresent(client -> {
            var clientEdits = json.putArray("clientSidecar");
            client.forEach(edit -> clientEdits.add(edit.toString()));
        });
        return json;
    }

    private static ObjectNode verdict(Expectation expectation) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("outcome", expectation.outcome().text())
                .put("status", expectation.status())
                .put("flags", expectation.flags())
                .put("details", Printable.of(expectation.details()))
                .put("message", expectation.codecMessage().orElse(""))
                .put("calls", expectation.attempts())
                .put("clientCanTell", expectation.clientCanTell())
                .put("observed", true);
    }
}
