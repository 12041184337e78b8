// SPDX-License-Identifier: Apache-2.0
package upstreamreset.matrix;

import upstreamreset.wire.Escape;
import upstreamreset.wire.Printable;

/**
 * The matrix as JUnit XML, one suite for each column. The catalogue has expectations only of Envoy, so each scenario is
 * a test case there. Other implementations' reactions are observations in the output of their suites, whose only test
 * case is their availability.
 */
public final class MatrixJunit {
    private MatrixJunit() {}

    public static String of(Matrix matrix) {
        var xml = new StringBuilder("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n")
                .append("<testsuites name=\"upstream-reset matrix\">\n");
        matrix.columns().forEach(column -> suite(xml, matrix, column));
        return xml.append("</testsuites>\n").toString();
    }

    private static void suite(StringBuilder xml, Matrix matrix, Column column) {
        boolean expected = column.implementation() == Implementation.ENVOY
                && column.unavailable().isEmpty();
        long failures =
                column.cells().stream().filter(cell -> !failure(cell).isEmpty()).count();
        xml.append("  <testsuite name=\"%s\" tests=\"%d\" failures=\"%d\" errors=\"%d\">%n"
                .formatted(
                        Escape.markup(column.title()),
                        expected ? matrix.scenarios().size() : 1,
                        failures,
                        column.unavailable().isPresent() ? 1 : 0));
        if (expected) {
            for (int i = 0; i < matrix.scenarios().size(); i++) {
                var failure = failure(column.cells().get(i));
                xml.append(testCase(column, matrix.scenarios().get(i).name(), failure));
            }
        } else {
            var error = column.unavailable()
                    .map(why -> "<error message=\"%s\"/>".formatted(Escape.markup(Printable.of(why))));
            xml.append(testCase(column, "is available", error.orElse(""))).append("    <system-out>\n");
            for (int i = 0; i < matrix.scenarios().size(); i++) {
                var cell = Escape.markup(MatrixText.text(column.cells().get(i)));
                xml.append("%s: %s\n".formatted(matrix.scenarios().get(i).name(), cell));
            }
            xml.append("    </system-out>\n");
        }
        xml.append("  </testsuite>\n");
    }

    /** How the cell differs from the catalogue; empty if it does not. */
    private static String failure(Cell cell) {
        return cell instanceof Cell.Seen seen && !seen.differences().isEmpty()
                ? "<failure message=\"%s\">%s</failure>"
                        .formatted(
                                Escape.markup(Printable.of(seen.differences().getFirst())),
                                Escape.markup(Printable.of(String.join("; ", seen.differences()))))
                : "";
    }

    private static String testCase(Column column, String name, String problem) {
        return "    <testcase classname=\"%s\" name=\"%s\"%s\n"
                .formatted(
                        Escape.markup(column.title().replace('.', '_')),
                        Escape.markup(name),
                        problem.isEmpty() ? "/>" : ">\n      " + problem + "\n    </testcase>");
    }
}
