// SPDX-License-Identifier: Apache-2.0
package upstreamreset.report;

import java.util.List;
import java.util.stream.IntStream;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;
import upstreamreset.matrix.Cell;
import upstreamreset.matrix.Matrix;
import upstreamreset.wire.Excerpt;

/** The matrix as one JSON object a scenario; a column of Envoy has its {@code verdict} in the vocabulary of all commands. */
public final class MatrixJson {
    private MatrixJson() {}

    public static List<ObjectNode> of(Matrix matrix) {
        return IntStream.range(0, matrix.scenarios().size())
                .mapToObj(row -> row(matrix, row))
                .toList();
    }

    private static ObjectNode row(Matrix matrix, int row) {
        var json = JsonNodeFactory.instance
                .objectNode()
                .put("scenario", matrix.scenarios().get(row).name());
        var cells = json.putArray("cells");
        for (var column : matrix.columns()) {
            var cell = cells.addObject().put("column", column.title());
            switch (column.cells().get(row)) {
                case Cell.Seen seen -> seen(cell, seen);
                case Cell.NotApplicable(var why) ->
                    cell.put("reception", "not-applicable").put("words", Excerpt.of(why));
                case Cell.Unavailable(var why) ->
                    cell.put("reception", "unavailable").put("words", Excerpt.of(why));
            }
        }
        return json;
    }

    private static void seen(ObjectNode json, Cell.Seen seen) {
        json.put("reception", seen.reception().text())
                .put("status", seen.status())
                .put("bodyBytes", seen.bytes())
                .put("words", Excerpt.of(seen.words()));
        seen.envoy().ifPresent(verdict -> {
            json.set("envoy", JudgedResponseJson.of(verdict).put("observed", true));
            json.put("asExpected", seen.differences().isEmpty());
            var differences = json.putArray("differences");
            seen.differences().forEach(each -> differences.add(Excerpt.of(each)));
        });
    }
}
