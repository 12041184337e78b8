// SPDX-License-Identifier: Apache-2.0
package upstreamreset.verdict;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import tools.jackson.core.JsonGenerator;
import upstreamreset.output.JsonLines;
import upstreamreset.wire.Printable;

/** The JSON that every command which judges prints, so that one filter works on all of them. */
public final class JudgedResponseJson {
    private static final int TO_THE_MINUTE = "2026-11-22T20:00".length();

    private JudgedResponseJson() {}

    /** The properties of the {@code response} record; commands add their own behind them. */
    public static void write(JsonGenerator json, JudgedResponse response) {
        if (response.stream().isPresent()) {
            json.writeStringProperty("stream", response.stream().get());
        }
        if (response.time().isPresent()) {
            json.writeStringProperty("time", iso(response.time().get()));
        }
        var request = response.request();
        json.writeObjectPropertyStart("request");
        json.writeStringProperty("method", Printable.of(request.method()));
        json.writeStringProperty("target", Printable.of(request.target()));
        if (request.id().isPresent()) {
            json.writeStringProperty("id", Printable.of(request.id().get()));
        }
        json.writeEndObject();
        json.writeNumberProperty("status", response.status());
        json.writeStringProperty("framing", response.framing());
        json.writeNumberProperty("bytes", response.bytes());
        json.writeNumberProperty("chunks", response.chunks());
        json.writeStringProperty("closedBy", response.closedBy());
        JsonLines.objects(json, "findings", response.findings(), finding -> write(json, finding));
        verdict(json, "envoy", response.envoy(), response.observed());
    }

    /** What {@code Instant.toString} says; its formatter takes longer than the rest of the line. */
    static String iso(Instant time) {
        var text = LocalDateTime.ofInstant(time, ZoneOffset.UTC).toString();
        return text.length() == TO_THE_MINUTE ? text + ":00Z" : text + "Z";
    }

    private static void write(JsonGenerator json, Finding finding) {
        json.writeStringProperty("rule", finding.rule().id());
        json.writeStringProperty("section", finding.rule().section());
        json.writeNumberProperty("offset", finding.offset());
        json.writeNumberProperty("length", finding.length());
        json.writeStringProperty("excerpt", finding.excerpt());
        json.writeStringProperty("severity", finding.severity().text());
        json.writeStringProperty("cause", finding.cause());
        json.writeStringProperty("fix", finding.fix());
    }

    /** A {@code verdict} as the property {@code name}. */
    public static void verdict(JsonGenerator json, String name, Verdict verdict, boolean observed) {
        json.writeObjectPropertyStart(name);
        json.writeStringProperty("outcome", verdict.outcome().text());
        json.writeNumberProperty("status", verdict.status());
        json.writeStringProperty("flags", verdict.flags());
        json.writeStringProperty("details", Printable.of(verdict.details()));
        json.writeStringProperty("message", Printable.of(verdict.message()));
        json.writeStringProperty("version", verdict.version());
        json.writeBooleanProperty("observed", observed);
        json.writeEndObject();
    }
}
