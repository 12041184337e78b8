// SPDX-License-Identifier: Apache-2.0
package upstreamreset.report;

import java.util.Locale;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;
import upstreamreset.probe.ProbeResult;
import upstreamreset.wire.Excerpt;

/** What a probe found as one JSON object a URL, in the vocabulary of all commands: {@code responses} are such records. */
public final class ProbeJson {
    private ProbeJson() {}

    public static ObjectNode of(ProbeResult result) {
        var json = JsonNodeFactory.instance
                .objectNode()
                .put("url", Excerpt.of(result.target().text()))
                .put("healthy", result.healthy());
        switch (result) {
            case ProbeResult.Unreachable unreachable -> json.put("error", Excerpt.of(unreachable.reason()));
            case ProbeResult.Answered answered -> answered(json, answered);
        }
        return json;
    }

    private static void answered(ObjectNode json, ProbeResult.Answered answered) {
        json.put("connection", answered.reuse().name().toLowerCase(Locale.ROOT).replace('_', '-'));
        var responses = json.putArray("responses");
        var judged = answered.judged();
        for (int i = 0; i < judged.size(); i++) {
            var exchange = answered.exchanges().get(i);
            var response = JudgedResponseJson.of(judged.get(i));
            response.put("millis", exchange.took().toMillis()).put("endless", exchange.endless());
            if (judged.get(i).observed()) {
                response.set("model", JudgedResponseJson.of(exchange.verdict()).put("observed", false));
            }
            responses.add(response);
        }
    }
}
