// SPDX-License-Identifier: Apache-2.0
package upstreamreset.verdict;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Locale;
import upstreamreset.framework.Recognition;
import upstreamreset.output.Json;
import upstreamreset.wire.Printable;

/** The JSON that all diagnostic commands print, so that one filter works on all of them. */
public final class JudgedResponseJson {
    private static final int TO_THE_MINUTE = "2026-11-22T20:00".length();

    private JudgedResponseJson() {}

    /** The properties of the {@code response} record; commands add their own behind them. */
    public static void write(Json json, JudgedResponse response) {
        response.stream().ifPresent(stream -> json.field("stream", stream));
        response.time().ifPresent(time -> json.field("time", iso(time)));
        var request = response.request();
        json.object("request", fields -> {
            fields.field("method", Printable.of(request.method()));
            fields.field("target", Printable.of(request.shownTarget()));
            request.id().ifPresent(id -> fields.field("id", Printable.of(id)));
        });
        json.field("status", response.status());
        json.field("framing", response.framing());
        json.field("bytes", response.bytes());
        json.field("chunks", response.chunks());
        json.field("closedBy", response.closedBy());
        response.framework().ifPresent(known -> write(json, known));
        json.objects("findings", response.findings(), finding -> write(json, response, finding));
        verdict(json, "envoy", response.envoy(), response.observed());
    }

    /** The same as {@code Instant.toString}, whose formatter takes longer than the rest of the line. */
    static String iso(Instant time) {
        var text = LocalDateTime.ofInstant(time, ZoneOffset.UTC).toString();
        return text.length() == TO_THE_MINUTE ? text + ":00Z" : text + "Z";
    }

    private static void write(Json json, Recognition known) {
        json.object("framework", fields -> {
            fields.field("name", known.framework().id());
            fields.field(
                    "certainty",
                    known.certainty().name().toLowerCase(Locale.ROOT).replace('_', '-'));
            fields.field("evidence", known.evidence());
        });
    }

    private static void write(Json json, JudgedResponse response, Finding finding) {
        json.field("rule", finding.rule().id());
        json.field("section", finding.rule().section());
        json.field("offset", finding.offset());
        if (finding.rule().ofClient()) {
            json.field("sender", "client");
        }
        json.field("length", finding.length());
        json.field("excerpt", finding.excerpt());
        json.field("severity", finding.severity().text());
        json.field("cause", finding.cause());
        json.field("fix", finding.fix());
        var recipes = response.recipes(finding);
        if (!recipes.isEmpty()) {
            json.objects("recipes", recipes, recipe -> {
                json.field("framework", recipe.framework().id());
                json.field("does", recipe.does());
                json.strings("before", recipe.before());
                json.strings("after", recipe.after());
            });
        }
    }

    /** A {@code verdict} as the property {@code name}. */
    public static void verdict(Json json, String name, Verdict verdict, boolean observed) {
        json.object(name, fields -> {
            fields.field("outcome", verdict.outcome().text());
            fields.field("status", verdict.status());
            fields.field("flags", verdict.flags());
            fields.field("details", Printable.of(verdict.details()));
            fields.field("message", Printable.of(verdict.message()));
            fields.field("version", verdict.version());
            fields.field("observed", observed);
        });
    }
}
