// SPDX-License-Identifier: Apache-2.0
package upstreamreset.explain;

import java.io.PrintWriter;
import java.util.List;
import upstreamreset.accesslog.AccessLogEntry;
import upstreamreset.accesslog.LogField;
import upstreamreset.accesslog.LogLine;
import upstreamreset.http1.Rule;
import upstreamreset.output.Json;
import upstreamreset.verdict.Remedy;
import upstreamreset.wire.Printable;

/**
 * Explained log lines as JSON Lines: one line per request, in the vocabulary of all commands; for a long log, a summary
 * first.
 */
public record ExplanationJson(PrintWriter out) implements ExplanationView {
    @Override
    public void request(Explanation explanation) {
        Json.print(out, json -> write(json, explanation));
        out.flush();
    }

    @Override
    public void connection(LogLine.Ambient connection) {
        new AmbientView(out).json(connection);
        out.flush();
    }

    @Override
    public void totals(LogDigest digest) {
        digest.scraps().forEach(new ScrapView(out)::json);
        summary(digest);
        out.flush();
    }

    private void summary(LogDigest digest) {
        Json.print(out, json -> json.object("summary", summary -> write(summary, digest.summary())));
    }

    @Override
    public void print(LogDigest digest) {
        if (digest.isLong()) {
            summary(digest);
        }
        digest.explanations().forEach(each -> Json.print(out, json -> write(json, each)));
        digest.connections().forEach(new AmbientView(out)::json);
        digest.scraps().forEach(new ScrapView(out)::json);
        for (var refusal : digest.unclaimedRefusals()) {
            Json.print(out, json -> {
                findings(json, refusal.rules());
                json.object("envoy", envoy -> observed(envoy, refusal.message()));
            });
        }
        out.flush();
    }

    private static void write(Json json, Explanation explanation) {
        var culprit = explanation.culprit();
        var entry = culprit.entry();
        text(entry, LogField.START_TIME, json, "time");
        json.object("request", request -> {
            text(entry, LogField.METHOD, request, "method");
            text(entry, LogField.PATH, request, "target");
            text(entry, LogField.REQUEST_ID, request, "id");
        });
        json.field("status", culprit.exchange().status());
        entry.number(LogField.BYTES_SENT).ifPresent(bytes -> json.field("bytes", bytes));
        findings(json, explanation.codec().map(CodecRefusal::rules).orElse(List.of()));
        json.object("envoy", envoy -> {
            envoy.field("outcome", explanation.envoy().outcome().text());
            envoy.field("status", explanation.envoy().status());
            flagsAndDetails(envoy, entry);
            observed(envoy, explanation.envoy().message());
        });
        json.field("failed", explanation.failed());
        json.field("hop", culprit.side().id());
        json.field("madeHere", culprit.exchange().madeHere());
        json.field("verdict", Shown.text(explanation.verdict()));
        explanation.appRan().ifPresent(times -> json.field("appRan", times));
        json.objects("hops", explanation.hops(), hop -> {
            json.field("hop", hop.side().id());
            json.field("status", hop.exchange().status());
            flagsAndDetails(json, hop.entry());
            if (!hop.source().isEmpty()) {
                json.field("pod", Printable.of(hop.source()));
            }
        });
        notes(json, explanation.notes());
        if (!explanation.contradictions().isEmpty()) {
            json.strings(
                    "contradictions",
                    explanation.contradictions().stream().map(Printable::of).toList());
        }
        causes(json, explanation.causes());
    }

    static void notes(Json json, List<String> notes) {
        json.strings("notes", notes.stream().map(Shown::text).toList());
    }

    static void causes(Json json, List<Cause> causes) {
        json.objects("causes", causes, cause -> {
            json.field("id", cause.id());
            json.field("cause", Shown.text(cause.cause()));
            json.field("next", Shown.command(cause.next()));
        });
    }

    private static void flagsAndDetails(Json json, AccessLogEntry entry) {
        json.field("flags", entry.flags().isEmpty() ? "-" : Printable.of(String.join(",", entry.flags())));
        text(entry, LogField.RESPONSE_CODE_DETAILS, json, "details");
    }

    private static void observed(Json json, String message) {
        json.field("message", Printable.of(message));
        json.field("observed", true);
    }

    /** As every command has them, but for the place: the bytes are not there. */
    static void findings(Json json, List<Rule> rules) {
        json.objects("findings", rules, rule -> {
            json.field("rule", rule.id());
            json.field("section", rule.section());
            json.field("severity", rule.severity().text());
            json.field("cause", Remedy.of(rule).cause());
            json.field("fix", Remedy.of(rule).fix());
        });
    }

    private static void text(AccessLogEntry entry, LogField field, Json json, String key) {
        entry.text(field).ifPresent(text -> json.field(key, Shown.text(text)));
    }

    private static void write(Json json, LogSummary summary) {
        json.field("lines", summary.lines());
        json.field("requests", summary.requests());
        json.field("failed", summary.failed());
        json.field("foreign", summary.foreign());
        counts(json, "causes", summary.causes());
        counts(json, "hosts", summary.hosts());
        counts(json, "paths", summary.paths());
    }

    private static void counts(Json json, String key, List<LogSummary.Count> counts) {
        json.objects(key, counts, each -> {
            json.field("name", Printable.of(each.name()));
            json.field("count", each.count());
        });
    }
}
