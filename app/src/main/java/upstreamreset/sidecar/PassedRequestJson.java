// SPDX-License-Identifier: Apache-2.0
package upstreamreset.sidecar;

import java.io.PrintWriter;
import java.util.List;
import upstreamreset.accesslog.LogField;
import upstreamreset.output.Json;
import upstreamreset.verdict.JudgedResponseJson;
import upstreamreset.wire.Printable;
import upstreamreset.wire.Secrets;

/** A request as one line of JSON: the judged response, in the vocabulary of all commands, and the access-log line. */
public record PassedRequestJson(PrintWriter out) {
    private static final int MAX_SENT = 4096;

    public void print(PassedRequest request) {
        Json.print(out, json -> {
            request.judged().ifPresentOrElse(judged -> JudgedResponseJson.write(json, judged), () -> {
                json.object("request", fields -> {
                    fields.field("method", text(request, LogField.METHOD));
                    fields.field("target", text(request, LogField.PATH));
                    fields.field("id", text(request, LogField.REQUEST_ID));
                });
                json.field("status", 0);
                json.strings("findings", List.of());
                JudgedResponseJson.verdict(json, "envoy", request.verdict(), true);
            });
            json.objects("accessLog", List.of(request.log()), sidecar -> {
                json.field("hop", sidecar.side().id());
                json.field("line", PassedRequestText.line(request));
            });
            var sent = request.sent();
            json.field("sent", Printable.of(Secrets.bytes(sent.toArray()), 0, sent.length(), MAX_SENT));
            json.field("wrong", request.wrong());
        });
        out.flush();
    }

    private static String text(PassedRequest request, LogField field) {
        return Printable.of(Secrets.queries(request.log().entry().text(field).orElse("-")));
    }
}
