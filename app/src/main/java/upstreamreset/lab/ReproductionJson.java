// SPDX-License-Identifier: Apache-2.0
package upstreamreset.lab;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import tools.jackson.core.JsonGenerator;
import upstreamreset.output.JsonLines;
import upstreamreset.verdict.JudgedResponseJson;
import upstreamreset.wire.Printable;

/** A reproduction as one line of JSON: the judged response, then what client, proxies and wire saw of it. */
public final class ReproductionJson {
    private static final int MOST_SENT = 4096;

    private final JsonLines lines;

    public ReproductionJson(PrintWriter out) {
        lines = new JsonLines(out);
    }

    public void print(Reproduction reproduction) {
        lines.print(json -> write(json, reproduction));
    }

    private static void write(JsonGenerator json, Reproduction reproduction) {
        JudgedResponseJson.write(json, reproduction.judged());
        json.writeStringProperty("scenario", reproduction.scenario().name());
        JsonLines.object(json, "client", client -> client(client, reproduction));
        JsonLines.objects(json, "accessLog", reproduction.hops(), hop -> {
            json.writeStringProperty("hop", hop.side().id());
            json.writeStringProperty("line", Printable.of(hop.line()));
        });
        var sent = reproduction.sent();
        json.writeStringProperty("sent", Printable.of(sent.toArray(), 0, sent.length(), MOST_SENT));
        json.writeNumberProperty("calls", reproduction.calls());
        json.writeBooleanProperty("asExpected", reproduction.asExpected());
        JsonLines.excerpts(json, "differences", reproduction.differences());
    }

    private static void client(JsonGenerator json, Reproduction reproduction) {
        var response = reproduction.client();
        json.writeNumberProperty("status", response.status());
        json.writeNumberProperty("bodyBytes", response.bodyLength());
        json.writeBooleanProperty("complete", response.complete());
        json.writeNumberProperty("milliseconds", reproduction.took().toMillis());
        json.writeStringProperty("body", Printable.of(new String(response.body().toArray(), StandardCharsets.UTF_8)));
        JsonLines.objects(json, "fields", response.fields(), field -> {
            json.writeStringProperty("name", Printable.of(field.name()));
            json.writeStringProperty("value", Printable.of(field.value()));
        });
    }
}
