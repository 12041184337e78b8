// SPDX-License-Identifier: Apache-2.0
package upstreamreset.matrix;

import java.io.PrintWriter;
import tools.jackson.core.JsonGenerator;
import upstreamreset.output.JsonLines;
import upstreamreset.verdict.JudgedResponseJson;
import upstreamreset.wire.Printable;

/** The matrix as one JSON object a scenario; a column of Envoy has its {@code verdict} in the vocabulary of all commands. */
public final class MatrixJson {
    private final JsonLines lines;

    public MatrixJson(PrintWriter out) {
        lines = new JsonLines(out);
    }

    public void print(Matrix matrix) {
        for (int i = 0; i < matrix.scenarios().size(); i++) {
            int row = i;
            lines.print(json -> {
                json.writeStringProperty("scenario", matrix.scenarios().get(row).name());
                JsonLines.objects(json, "cells", matrix.columns(), column -> {
                    json.writeStringProperty("column", column.title());
                    cell(json, column.cells().get(row));
                });
            });
        }
    }

    private static void cell(JsonGenerator json, Cell cell) {
        switch (cell) {
            case Cell.Seen seen -> seen(json, seen);
            case Cell.NotApplicable(var why) -> unasked(json, "not-applicable", why);
            case Cell.Unavailable(var why) -> unasked(json, "unavailable", why);
        }
    }

    private static void unasked(JsonGenerator json, String reception, String why) {
        json.writeStringProperty("reception", reception);
        json.writeStringProperty("words", Printable.of(why));
    }

    private static void seen(JsonGenerator json, Cell.Seen seen) {
        json.writeStringProperty("reception", seen.reception().text());
        json.writeNumberProperty("status", seen.status());
        json.writeNumberProperty("bodyBytes", seen.bytes());
        json.writeStringProperty("words", Printable.of(seen.words()));
        seen.envoy().ifPresent(verdict -> {
            JudgedResponseJson.verdict(json, "envoy", verdict, true);
            json.writeBooleanProperty("asExpected", seen.differences().isEmpty());
            JsonLines.excerpts(json, "differences", seen.differences());
        });
    }
}
