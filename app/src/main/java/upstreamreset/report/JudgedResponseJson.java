// SPDX-License-Identifier: Apache-2.0
package upstreamreset.report;

import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;
import upstreamreset.diagnosis.Finding;
import upstreamreset.diagnosis.JudgedResponse;
import upstreamreset.framing.Verdict;
import upstreamreset.wire.Excerpt;

/** The JSON that every command which judges prints, so that one filter works on all of them. */
public final class JudgedResponseJson {
    private JudgedResponseJson() {}

    /** The {@code response} record; commands add their own keys behind it. */
    public static ObjectNode of(JudgedResponse response) {
        var json = JsonNodeFactory.instance.objectNode();
        response.stream().ifPresent(stream -> json.put("stream", stream));
        response.time().ifPresent(time -> json.put("time", time.toString()));
        var request = json.putObject("request")
                .put("method", Excerpt.of(response.request().method()))
                .put("target", Excerpt.of(response.request().target()));
        response.request().id().ifPresent(id -> request.put("id", Excerpt.of(id)));
        json.put("status", response.status());
        json.put("framing", response.framing());
        json.put("bytes", response.bytes());
        json.put("chunks", response.chunks());
        json.put("closedBy", response.closedBy());
        var findings = json.putArray("findings");
        response.findings().forEach(finding -> findings.add(of(finding)));
        json.set("envoy", of(response.envoy()).put("observed", response.observed()));
        return json;
    }

    static ObjectNode of(Finding finding) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("rule", finding.rule().id())
                .put("section", finding.rule().section())
                .put("offset", finding.offset())
                .put("length", finding.length())
                .put("excerpt", finding.excerpt())
                .put("severity", finding.severity().text())
                .put("cause", finding.cause())
                .put("fix", finding.fix());
    }

    static ObjectNode of(Verdict verdict) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("outcome", verdict.outcome().text())
                .put("status", verdict.status())
                .put("flags", verdict.flags())
                .put("details", Excerpt.of(verdict.details()))
                .put("message", Excerpt.of(verdict.message()))
                .put("version", verdict.version());
    }
}
