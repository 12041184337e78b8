// SPDX-License-Identifier: Apache-2.0
package upstreamreset.inspect;

import java.io.PrintWriter;
import java.util.List;
import java.util.function.LongUnaryOperator;
import upstreamreset.http1.FieldLine;
import upstreamreset.output.Json;
import upstreamreset.verdict.JudgedResponseJson;
import upstreamreset.wire.Printable;
import upstreamreset.wire.Secrets;

/** Responses of a capture as JSON Lines, in the vocabulary of all commands, with the totals as the last line. */
record InspectionJson(PrintWriter out, String file) implements InspectionView {
    /** For the capture that is called {@code file}. */
    InspectionJson {
        file = Printable.of(file);
    }

    @Override
    public void print(InspectedResponse response, boolean first, LongUnaryOperator frame) {
        Json.print(out, json -> write(json, response, frame));
    }

    private void write(Json json, InspectedResponse response, LongUnaryOperator frame) {
        JudgedResponseJson.write(json, response.judged());
        json.field("remarkable", response.remarkable());
        json.field("file", file);
        json.field("client", response.endpoints().clientText());
        json.field("server", response.endpoints().serverText());
        if (response.idle().isPresent()) {
            json.field("idleSeconds", response.idle().get().toNanos() / 1e9);
        }
        response.http2().ifPresent(stream -> http2(json, stream, response.wire().trailers()));
        var framed = response.judged().findings().stream()
                .filter(finding -> !finding.rule().ofClient() && frame.applyAsLong(finding.offset()) > 0)
                .toList();
        json.objects("frames", framed, finding -> {
            json.field("offset", finding.offset());
            json.field("frame", frame.applyAsLong(finding.offset()));
        });
        json.strings("notes", response.notes());
    }

    private static void http2(Json json, Http2Stream stream, List<FieldLine> trailers) {
        json.object("http2", http2 -> {
            http2.field("stream", stream.id());
            http2.field("authority", Printable.of(stream.authority()));
            http2.field("statusUnknown", stream.statusUnknown());
            http2.objects("trailers", trailers, line -> {
                http2.field("name", Printable.of(line.name()));
                http2.field("value", Printable.of(Secrets.value(line.name(), line.value())));
            });
        });
        stream.grpc()
                .ifPresent(status -> json.object("grpc", grpc -> {
                    grpc.field("status", status.code());
                    grpc.field("name", status.name());
                    grpc.field("message", Printable.of(status.message()));
                }));
    }

    /** For example {@code {"file":"a.pcap","summary":{"packets":10,…}}}. */
    @Override
    public void end(InspectionTotals totals, SameFindings same) {
        Json.print(out, json -> {
            json.field("file", file);
            json.object("summary", totals::write);
        });
    }
}
