// SPDX-License-Identifier: Apache-2.0
package upstreamreset.site;

import java.time.Duration;
import java.util.List;
import upstreamreset.output.Json;
import upstreamreset.scenario.Expectation;
import upstreamreset.scenario.Scenario;

/** The catalogue for the page's script: how to request each scenario, and Envoy's expected reaction. */
public final class ScenarioList {
    private ScenarioList() {}

    /**
     * The catalogue as the page at / reads it.
     *
     * @param stream how long the app's own streams take
     */
    public static String json(List<Scenario> scenarios, Duration stream) {
        return Json.object(json -> json.objects("scenarios", scenarios, each -> {
            json.field("name", each.name());
            json.field("family", each.family());
            json.field("says", each.sentence());
            var cannot = BrowserRequest.cannot(each);
            if (cannot.isPresent()) {
                json.field("cannot", cannot.get());
            } else {
                json.field("path", each.path());
                json.field("wait", BrowserRequest.waitMillis(each, stream));
                if (!each.request().method().equals("GET")) {
                    json.field("method", each.request().method());
                }
                if (each.request().bodyBytes() > 0) {
                    json.field("body", each.request().bodyBytes());
                }
            }
            expectation(json, each.expectation());
            if (!each.older().isEmpty()) {
                json.objects("older", each.older(), older -> {
                    json.field("before", older.version());
                    expectation(json, older.expectation());
                });
            }
        }));
    }

    private static void expectation(Json json, Expectation expected) {
        json.field("outcome", expected.outcome().text());
        json.field("status", expected.status());
        json.field("flags", expected.flags());
        if (expected.bytes().isPresent()) {
            json.field("bytes", expected.bytes().getAsLong());
        }
    }
}
