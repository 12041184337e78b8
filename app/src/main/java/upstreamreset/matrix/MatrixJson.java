// SPDX-License-Identifier: Apache-2.0
package upstreamreset.matrix;

import java.io.PrintWriter;
import upstreamreset.output.Json;
import upstreamreset.verdict.JudgedResponseJson;
import upstreamreset.wire.Printable;

/** The matrix as one JSON object a scenario; a column of Envoy has its {@code verdict} in the vocabulary of all commands. */
public record MatrixJson(PrintWriter out) {
    public void print(Matrix matrix) {
        for (int i = 0; i < matrix.scenarios().size(); i++) {
            int row = i;
            Json.print(out, json -> {
                json.field("scenario", matrix.scenarios().get(row).name());
                json.objects("cells", matrix.columns(), column -> {
                    json.field("column", column.title());
                    cell(json, column.cells().get(row));
                });
            });
        }
    }

    private static void cell(Json json, Cell cell) {
        switch (cell) {
            case Cell.Seen seen -> seen(json, seen);
            case Cell.NotApplicable(var why) -> unasked(json, "not-applicable", why);
            case Cell.Unavailable(var why) -> unasked(json, "unavailable", why);
        }
    }

    private static void unasked(Json json, String reaction, String why) {
        json.field("reaction", reaction);
        json.field("words", Printable.of(why));
    }

    private static void seen(Json json, Cell.Seen seen) {
        json.field("reaction", seen.reaction().text());
        json.field("status", seen.status());
        json.field("bodyBytes", seen.bytes());
        json.field("words", Printable.of(seen.words()));
        seen.envoy().ifPresent(verdict -> {
            JudgedResponseJson.verdict(json, "envoy", verdict, true);
            json.field("asExpected", seen.differences().isEmpty());
            json.strings(
                    "differences",
                    seen.differences().stream().map(Printable::of).toList());
        });
    }
}
