// SPDX-License-Identifier: Apache-2.0
package upstreamreset.report;

import java.nio.charset.StandardCharsets;
import tools.jackson.databind.node.ObjectNode;
import upstreamreset.lab.Reproduction;
import upstreamreset.wire.Excerpt;

/** A reproduction as one line of JSON: the judged response, then what client, proxies and wire saw of it. */
public final class ReproductionJson {
    private ReproductionJson() {}

    public static ObjectNode of(Reproduction reproduction) {
        var json = JudgedResponseJson.of(reproduction.judged());
        json.put("scenario", reproduction.scenario().name());
        var response = reproduction.client();
        var client = json.putObject("client")
                .put("status", response.status())
                .put("bodyBytes", response.bodyLength())
                .put("complete", response.complete())
                .put("milliseconds", reproduction.took().toMillis())
                .put("body", Excerpt.of(new String(response.body().toArray(), StandardCharsets.UTF_8)));
        var fields = client.putArray("fields");
        response.fields()
                .forEach(field -> fields.addObject()
                        .put("name", Excerpt.of(field.name()))
                        .put("value", Excerpt.of(field.value())));
        var hops = json.putArray("accessLog");
        reproduction
                .hops()
                .forEach(hop -> hops.addObject().put("hop", hop.side().id()).put("line", Excerpt.of(hop.line())));
        json.put(
                "sent",
                Excerpt.of(reproduction.sent().toArray(), 0, reproduction.sent().length(), 4096));
        json.put("calls", reproduction.calls());
        json.put("asExpected", reproduction.asExpected());
        var differences = json.putArray("differences");
        reproduction.differences().forEach(each -> differences.add(Excerpt.of(each)));
        return json;
    }
}
