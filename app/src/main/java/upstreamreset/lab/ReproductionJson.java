// SPDX-License-Identifier: Apache-2.0
package upstreamreset.lab;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import upstreamreset.output.Json;
import upstreamreset.verdict.JudgedResponseJson;
import upstreamreset.wire.Printable;
import upstreamreset.wire.Secrets;

/** A reproduction as one line of JSON: the judged response, then the views of client, proxies and wire. */
public record ReproductionJson(PrintWriter out) {
    private static final int MAX_SENT = 4096;

    public void print(Reproduction reproduction) {
        Json.print(out, json -> write(json, reproduction));
    }

    private static void write(Json json, Reproduction reproduction) {
        JudgedResponseJson.write(json, reproduction.judged());
        json.field("scenario", reproduction.scenario().name());
        json.object("client", client -> client(client, reproduction));
        json.objects("accessLog", reproduction.sidecars(), sidecar -> {
            json.field("hop", sidecar.side().id());
            json.field("line", Printable.of(sidecar.line()));
        });
        var sent = reproduction.sent();
        json.field("sent", Printable.of(Secrets.bytes(sent.toArray()), 0, sent.length(), MAX_SENT));
        json.field("calls", reproduction.calls());
        json.field("asExpected", reproduction.asExpected());
        json.strings(
                "differences",
                reproduction.differences().stream().map(Printable::of).toList());
    }

    private static void client(Json json, Reproduction reproduction) {
        var response = reproduction.client();
        json.field("status", response.status());
        json.field("bodyBytes", response.bodyLength());
        json.field("complete", response.complete());
        json.field("milliseconds", reproduction.took().toMillis());
        json.field("body", Printable.of(new String(Secrets.bytes(response.body().toArray()), StandardCharsets.UTF_8)));
        json.objects("fields", response.fields(), field -> {
            json.field("name", Printable.of(field.name()));
            json.field("value", Printable.of(Secrets.value(field.name(), field.value())));
        });
    }
}
