// SPDX-License-Identifier: Apache-2.0
package upstreamreset.matrix;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import java.util.function.IntPredicate;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import upstreamreset.output.WordWrap;
import upstreamreset.wire.Printable;

/**
 * The matrix as a table, and below it the highlights: differences between Envoy's versions, misread responses, and
 * responses that an implementation accepts or rejects unlike Envoy.
 */
public record MatrixText(PrintWriter out) {
    static final String VERSIONS_DIFFER = "≠";
    private static final String MISREAD = "!";

    public void print(Matrix matrix) {
        table(matrix);
        out.println();
        out.println("rejects 200: the head was passed on, then the body was visibly cut. -: not applicable.");
        versions(matrix);
        matrix.columns().forEach(column -> summary(matrix, column));
        differences(matrix);
        out.flush();
    }

    private void table(Matrix matrix) {
        var lines = new ArrayList<StringBuilder>();
        lines.add(new StringBuilder());
        matrix.scenarios().forEach(_ -> lines.add(new StringBuilder()));
        column(lines, "", i -> mark(matrix, i));
        column(lines, "scenario", i -> matrix.scenarios().get(i).name());
        for (var column : matrix.columns()) {
            column(lines, column.title(), i -> text(column.cells().get(i)));
        }
        lines.forEach(line -> out.println(line.toString().stripTrailing()));
    }

    private static void column(List<StringBuilder> lines, String title, IntFunction<String> cell) {
        var texts = new ArrayList<>(List.of(title));
        IntStream.range(0, lines.size() - 1).mapToObj(cell).forEach(texts::add);
        int width = texts.stream().mapToInt(String::length).reduce(1, Math::max);
        for (int i = 0; i < lines.size(); i++) {
            lines.get(i).append(("%-" + (width + 2) + "s").formatted(texts.get(i)));
        }
    }

    private static String mark(Matrix matrix, int row) {
        boolean misread =
                matrix.columns().stream().anyMatch(column -> is(column.cells().get(row), Reaction.MISREADS));
        return (versionsDiffer(matrix, row) ? VERSIONS_DIFFER : "") + (misread ? MISREAD : "");
    }

    /** For example {@code rejects 502 UPE}, {@code misreads 200, 15 B}. */
    static String text(Cell cell) {
        return switch (cell) {
            case Cell.Seen seen ->
                switch (seen.reaction()) {
                    case ACCEPTS, MISREADS ->
                        "%s %d, %d B%s".formatted(seen.reaction().text(), seen.status(), seen.bytes(), flags(seen));
                    case REJECTS, HANGS ->
                        seen.reaction().text() + (seen.status() == 0 ? "" : " " + seen.status()) + flags(seen);
                };
            case Cell.NotApplicable _ -> "-";
            case Cell.Unavailable _ -> "unavailable";
        };
    }

    private static String flags(Cell.Seen seen) {
        return seen.envoy()
                .map(verdict -> verdict.flags())
                .filter(flags -> !flags.equals("-"))
                .map(flags -> " " + flags)
                .orElse("");
    }

    private static boolean is(Cell cell, Reaction reaction) {
        return cell instanceof Cell.Seen seen && seen.reaction() == reaction;
    }

    static List<Column> envoys(Matrix matrix) {
        return matrix.columns().stream()
                .filter(column -> column.implementation() == Implementation.ENVOY)
                .toList();
    }

    static boolean versionsDiffer(Matrix matrix, int row) {
        return envoys(matrix).stream()
                        .map(column -> text(column.cells().get(row)))
                        .distinct()
                        .count()
                > 1;
    }

    private void versions(Matrix matrix) {
        var envoys = envoys(matrix);
        if (envoys.size() < 2) {
            return;
        }
        var lines = IntStream.range(0, matrix.scenarios().size())
                .filter(row -> versionsDiffer(matrix, row))
                .mapToObj(row -> "  %s: %s"
                        .formatted(
                                matrix.scenarios().get(row).name(),
                                envoys.stream()
                                        .map(column -> column.title().replaceFirst("^envoy ", "") + " "
                                                + text(column.cells().get(row)))
                                        .collect(Collectors.joining(" " + VERSIONS_DIFFER + " "))))
                .toList();
        out.println(
                lines.isEmpty() ? "The versions of Envoy agree." : VERSIONS_DIFFER + " the versions of Envoy differ:");
        lines.forEach(out::println);
        out.println();
    }

    private void summary(Matrix matrix, Column column) {
        if (column.unavailable().isPresent()) {
            out.println(column.title() + " is unavailable: "
                    + Printable.of(column.unavailable().get()));
            return;
        }
        var words = new ArrayList<String>();
        for (var reaction : Reaction.values()) {
            count(words, column, reaction.text(), cell -> is(cell, reaction));
        }
        count(words, column, "not applicable", Cell.NotApplicable.class::isInstance);
        out.println(column.title() + ": " + String.join(", ", words));
        names("  " + MISREAD + " misreads: ", matrix, i -> is(column.cells().get(i), Reaction.MISREADS));
        if (column.implementation() != Implementation.ENVOY && !envoys(matrix).isEmpty()) {
            var envoy = envoys(matrix).getLast();
            against(matrix, column, Reaction.ACCEPTS, envoy, Reaction.REJECTS);
            against(matrix, column, Reaction.REJECTS, envoy, Reaction.ACCEPTS);
        }
    }

    private static void count(List<String> words, Column column, String word, Predicate<Cell> counted) {
        long count = column.cells().stream().filter(counted).count();
        if (count > 0) {
            words.add(word + " " + count);
        }
    }

    private void against(Matrix matrix, Column column, Reaction its, Column envoy, Reaction envoys) {
        names(
                "  %s what %s %s: ".formatted(its.text(), envoy.title(), envoys.text()),
                matrix,
                i -> is(column.cells().get(i), its) && is(envoy.cells().get(i), envoys));
    }

    private void names(String label, Matrix matrix, IntPredicate row) {
        var names = IntStream.range(0, matrix.scenarios().size())
                .filter(row)
                .mapToObj(i -> matrix.scenarios().get(i).name())
                .toList();
        if (!names.isEmpty()) {
            WordWrap.lines(label, String.join(", ", names)).forEach(out::println);
        }
    }

    private void differences(Matrix matrix) {
        for (var column : matrix.columns()) {
            for (int i = 0; i < matrix.scenarios().size(); i++) {
                if (column.cells().get(i) instanceof Cell.Seen seen) {
                    var name = matrix.scenarios().get(i).name();
                    seen.differences()
                            .forEach(each -> out.println(column.title() + " does not match the catalogue, " + name
                                    + ": " + Printable.of(each)));
                }
            }
        }
    }
}
