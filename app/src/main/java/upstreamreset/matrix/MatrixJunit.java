// SPDX-License-Identifier: Apache-2.0
package upstreamreset.matrix;

import java.io.IOException;
import java.nio.file.Path;
import upstreamreset.output.ResultFile;
import upstreamreset.wire.Escape;
import upstreamreset.wire.Printable;

/**
 * The matrix as JUnit XML, one suite for each column. The catalogue has expectations of Envoy alone: there each scenario is a test
 * case. What other implementations do is an observation, in the output of their suite, whose test case is that they are available.
 */
public final class MatrixJunit {
    private MatrixJunit() {}

    /** Says before the work that the file cannot be written. */
    public static void check(Path file) throws IOException {
        ResultFile.check("the JUnit XML", file);
    }

    public static String of(Matrix matrix) {
        var xml = new StringBuilder("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n")
                .append("<testsuites name=\"upstream-reset matrix\">\n");
        matrix.columns().forEach(column -> suite(xml, matrix, column));
        return xml.append("</testsuites>\n").toString();
    }

    private static void suite(StringBuilder xml, Matrix matrix, Column column) {
        boolean expected = column.implementation() == Implementation.ENVOY
                && column.unavailable().isEmpty();
        long failures = column.cells().stream()
                .filter(cell ->
                        cell instanceof Cell.Seen seen && !seen.differences().isEmpty())
                .count();
        xml.append("  <testsuite name=\"%s\" tests=\"%d\" failures=\"%d\" errors=\"%d\">%n"
                .formatted(
                        Escape.markup(column.title()),
                        expected ? matrix.scenarios().size() : 1,
                        failures,
                        column.unavailable().isPresent() ? 1 : 0));
        if (expected) {
            for (int i = 0; i < matrix.scenarios().size(); i++) {
                expectation(
                        xml,
                        matrix.scenarios().get(i).name(),
                        column,
                        column.cells().get(i));
            }
        } else {
            availability(xml, column);
            observations(xml, matrix, column);
        }
        xml.append("  </testsuite>\n");
    }

    private static void expectation(StringBuilder xml, String name, Column column, Cell cell) {
        var test = "    <testcase classname=\"%s\" name=\"%s\""
                .formatted(Escape.markup(column.title().replace('.', '_')), Escape.markup(name));
        xml.append(test);
        if (cell instanceof Cell.Seen seen && !seen.differences().isEmpty()) {
            xml.append(">\n      <failure message=\"%s\">%s</failure>\n    </testcase>\n"
                    .formatted(
                            Escape.markup(Printable.of(seen.differences().getFirst())),
                            Escape.markup(Printable.of(String.join("; ", seen.differences())))));
        } else {
            xml.append("/>\n");
        }
    }

    private static void availability(StringBuilder xml, Column column) {
        xml.append("    <testcase classname=\"%s\" name=\"is available\""
                .formatted(Escape.markup(column.title().replace('.', '_'))));
        column.unavailable()
                .ifPresentOrElse(
                        why -> xml.append(">\n      <error message=\"%s\"/>\n    </testcase>\n"
                                .formatted(Escape.markup(Printable.of(why)))),
                        () -> xml.append("/>\n"));
    }

    private static void observations(StringBuilder xml, Matrix matrix, Column column) {
        xml.append("    <system-out>\n");
        for (int i = 0; i < matrix.scenarios().size(); i++) {
            xml.append(matrix.scenarios().get(i).name())
                    .append(": ")
                    .append(Escape.markup(MatrixText.text(column.cells().get(i))))
                    .append('\n');
        }
        xml.append("    </system-out>\n");
    }
}
