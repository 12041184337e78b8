// SPDX-License-Identifier: Apache-2.0
package upstreamreset.explain;

import java.io.PrintWriter;
import java.util.List;
import tools.jackson.core.JsonGenerator;
import upstreamreset.accesslog.AccessLogEntry;
import upstreamreset.accesslog.LogField;
import upstreamreset.output.JsonLines;
import upstreamreset.verdict.PossibleCause;
import upstreamreset.wire.Printable;

/** Explained log lines as JSON Lines: a line a request, in the vocabulary of all commands; before a long log's a summary. */
public final class ExplanationJson {
    private final JsonLines lines;

    public ExplanationJson(PrintWriter out) {
        lines = new JsonLines(out);
    }

    public void print(LogDigest digest) {
        if (digest.isLong()) {
            lines.print(json -> JsonLines.object(json, "summary", summary -> write(summary, digest.summary())));
        }
        digest.explanations().forEach(each -> lines.print(json -> write(json, each)));
        for (var message : digest.unclaimedCodecMessages()) {
            lines.print(json -> {
                findings(json, message, 0);
                JsonLines.object(json, "envoy", envoy -> observed(envoy, message));
            });
        }
    }

    private static void write(JsonGenerator json, Explanation explanation) {
        var culprit = explanation.culprit();
        var entry = culprit.entry();
        var codec = explanation.codec().orElse("");
        text(entry, LogField.START_TIME, json, "time");
        JsonLines.object(json, "request", request -> {
            text(entry, LogField.METHOD, request, "method");
            text(entry, LogField.PATH, request, "target");
            text(entry, LogField.REQUEST_ID, request, "id");
        });
        json.writeNumberProperty("status", culprit.exchange().status());
        entry.number(LogField.BYTES_SENT).ifPresent(bytes -> json.writeNumberProperty("bytes", bytes));
        findings(json, codec, culprit.exchange().status());
        JsonLines.object(json, "envoy", envoy -> {
            envoy.writeStringProperty("outcome", explanation.envoy().outcome().text());
            envoy.writeNumberProperty("status", explanation.envoy().status());
            flagsAndDetails(envoy, entry);
            observed(envoy, explanation.envoy().message());
        });
        json.writeBooleanProperty("failed", explanation.failed());
        json.writeStringProperty("hop", culprit.side().id());
        json.writeBooleanProperty("madeHere", culprit.exchange().madeHere());
        json.writeStringProperty("verdict", Printable.of(explanation.verdict()));
        explanation.appRan().ifPresent(times -> json.writeNumberProperty("appRan", times));
        JsonLines.objects(json, "hops", explanation.hops(), hop -> {
            json.writeStringProperty("hop", hop.side().id());
            json.writeNumberProperty("status", hop.exchange().status());
            flagsAndDetails(json, hop.entry());
            if (!hop.source().isEmpty()) {
                json.writeStringProperty("pod", Printable.of(hop.source()));
            }
        });
        JsonLines.excerpts(json, "notes", explanation.notes());
        JsonLines.objects(json, "causes", explanation.causes(), cause -> {
            json.writeStringProperty("cause", Printable.of(cause.cause()));
            json.writeStringProperty("next", Printable.of(cause.next()));
        });
    }

    private static void flagsAndDetails(JsonGenerator json, AccessLogEntry entry) {
        json.writeStringProperty(
                "flags", entry.flags().isEmpty() ? "-" : Printable.of(String.join(",", entry.flags())));
        text(entry, LogField.RESPONSE_CODE_DETAILS, json, "details");
    }

    private static void observed(JsonGenerator json, String message) {
        json.writeStringProperty("message", Printable.of(message));
        json.writeBooleanProperty("observed", true);
    }

    /** As every command has them, but for the place: the bytes are not there. */
    private static void findings(JsonGenerator json, String message, int status) {
        JsonLines.objects(json, "findings", PossibleCause.of(message, status), suspect -> {
            json.writeStringProperty("rule", suspect.rule().id());
            json.writeStringProperty("section", suspect.rule().section());
            json.writeStringProperty("severity", suspect.rule().severity().text());
            json.writeStringProperty("cause", suspect.cause());
            json.writeStringProperty("fix", suspect.fix());
        });
    }

    private static void text(AccessLogEntry entry, LogField field, JsonGenerator json, String key) {
        entry.text(field).ifPresent(text -> json.writeStringProperty(key, Printable.of(text)));
    }

    private static void write(JsonGenerator json, LogSummary summary) {
        json.writeNumberProperty("lines", summary.lines());
        json.writeNumberProperty("requests", summary.requests());
        json.writeNumberProperty("failed", summary.failed());
        json.writeNumberProperty("foreign", summary.foreign());
        counts(json, "causes", summary.causes());
        counts(json, "hosts", summary.hosts());
        counts(json, "paths", summary.paths());
    }

    private static void counts(JsonGenerator json, String key, List<LogSummary.Count> counts) {
        JsonLines.objects(json, key, counts, each -> {
            json.writeStringProperty("name", Printable.of(each.name()));
            json.writeNumberProperty("count", each.count());
        });
    }
}
