// SPDX-License-Identifier: Apache-2.0
package upstreamreset.report;

import java.io.PrintWriter;
import java.util.List;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;
import upstreamreset.accesslog.AccessLogEntry;
import upstreamreset.accesslog.Explanation;
import upstreamreset.accesslog.LogDigest;
import upstreamreset.accesslog.LogField;
import upstreamreset.accesslog.LogSummary;
import upstreamreset.diagnosis.Suspect;
import upstreamreset.wire.Excerpt;

/** Explained log lines as JSON Lines: a line a request, in the vocabulary of all commands; before a long log's a summary. */
public final class ExplanationJson {
    private final PrintWriter out;

    public ExplanationJson(PrintWriter out) {
        this.out = out;
    }

    public void print(LogDigest digest) {
        if (digest.isLong()) {
            out.println(of(digest.summary()));
        }
        digest.explanations().forEach(each -> out.println(of(each)));
        for (var message : digest.unclaimedCodecMessages()) {
            var json = JsonNodeFactory.instance.objectNode();
            findings(json, message, 0);
            json.putObject("envoy").put("message", Excerpt.of(message)).put("observed", true);
            out.println(json);
        }
        out.flush();
    }

    private static ObjectNode of(Explanation explanation) {
        var json = JsonNodeFactory.instance.objectNode();
        var culprit = explanation.culprit();
        var entry = culprit.entry();
        text(entry, LogField.START_TIME, json, "time");
        var request = json.putObject("request");
        text(entry, LogField.METHOD, request, "method");
        text(entry, LogField.PATH, request, "target");
        text(entry, LogField.REQUEST_ID, request, "id");
        json.put("status", culprit.status());
        entry.number(LogField.BYTES_SENT).ifPresent(bytes -> json.put("bytes", bytes));
        findings(json, explanation.codec().orElse(""), culprit.status());
        var envoy = json.putObject("envoy").put("outcome", outcome(explanation)).put("status", culprit.status());
        envoy.put("flags", entry.flags().isEmpty() ? "-" : Excerpt.of(String.join(",", entry.flags())));
        text(entry, LogField.RESPONSE_CODE_DETAILS, envoy, "details");
        envoy.put("message", Excerpt.of(explanation.codec().orElse(""))).put("observed", true);
        json.put("failed", explanation.failed());
        json.put("hop", culprit.side().id());
        json.put("madeHere", culprit.madeHere());
        json.put("verdict", Excerpt.of(explanation.verdict()));
        explanation.appRan().ifPresent(times -> json.put("appRan", times));
        var hops = json.putArray("hops");
        for (var hop : explanation.hops()) {
            var each = hops.addObject().put("hop", hop.side().id()).put("status", hop.status());
            each.put(
                    "flags",
                    hop.entry().flags().isEmpty()
                            ? "-"
                            : Excerpt.of(String.join(",", hop.entry().flags())));
            text(hop.entry(), LogField.RESPONSE_CODE_DETAILS, each, "details");
            if (!hop.source().isEmpty()) {
                each.put("pod", Excerpt.of(hop.source()));
            }
        }
        var notes = json.putArray("notes");
        explanation.notes().forEach(note -> notes.add(Excerpt.of(note)));
        var causes = json.putArray("causes");
        explanation
                .causes()
                .forEach(cause -> causes.addObject()
                        .put("cause", Excerpt.of(cause.cause()))
                        .put("next", Excerpt.of(cause.next())));
        return json;
    }

    private static String outcome(Explanation explanation) {
        var culprit = explanation.culprit();
        if (!culprit.madeHere()) {
            return "passes";
        }
        return culprit.status() >= 400 || culprit.status() == 0 ? "resets-before" : "resets-after";
    }

    /** As every command has them, but for the place: the bytes are not there. */
    private static void findings(ObjectNode json, String message, int status) {
        var findings = json.putArray("findings");
        for (var suspect : Suspect.of(message, status)) {
            findings.addObject()
                    .put("rule", suspect.rule().id())
                    .put("section", suspect.rule().section())
                    .put("severity", suspect.rule().severity().text())
                    .put("cause", suspect.cause())
                    .put("fix", suspect.fix());
        }
    }

    private static void text(AccessLogEntry entry, LogField field, ObjectNode json, String key) {
        entry.text(field).ifPresent(text -> json.put(key, Excerpt.of(text)));
    }

    private static ObjectNode of(LogSummary summary) {
        var json = JsonNodeFactory.instance.objectNode();
        var numbers = json.putObject("summary")
                .put("lines", summary.lines())
                .put("requests", summary.requests())
                .put("failed", summary.failed())
                .put("foreign", summary.foreign());
        counts(numbers, "causes", summary.causes());
        counts(numbers, "hosts", summary.hosts());
        counts(numbers, "paths", summary.paths());
        return json;
    }

    private static void counts(ObjectNode json, String key, List<LogSummary.Count> counts) {
        var array = json.putArray(key);
        counts.forEach(
                each -> array.addObject().put("name", Excerpt.of(each.name())).put("count", each.count()));
    }
}
