// SPDX-License-Identifier: Apache-2.0
package upstreamreset.verdict;

import java.util.ArrayList;
import java.util.List;
import upstreamreset.output.WordWrap;

/** The recipes of a finding as text: the change, and the lines before and after. */
public final class RecipeLines {
    private RecipeLines() {}

    /**
     * Those of {@code response} for {@code finding}; {@code indent} stands before each line. None if there is no
     * recipe.
     */
    public static List<String> of(JudgedResponse response, Finding finding, String indent) {
        var lines = new ArrayList<String>();
        for (var recipe : response.recipes(finding)) {
            lines.addAll(WordWrap.lines(indent + "in " + recipe.framework().title() + ": ", recipe.does()));
            code(lines, "before", recipe.before(), indent);
            code(lines, recipe.before().isEmpty() ? "YAML" : "after", recipe.after(), indent);
        }
        return lines;
    }

    private static void code(List<String> lines, String label, List<String> code, String indent) {
        if (!code.isEmpty()) {
            lines.add(indent + "  " + label);
            code.forEach(line -> lines.add(indent + "    " + line));
        }
    }

    /** The framework of a response with findings, and the evidence; empty if unknown. */
    public static List<String> framework(JudgedResponse response, String indent) {
        return response.framework()
                .filter(_ -> !response.findings().isEmpty())
                .map(known -> WordWrap.lines(indent + "framework: ", known.text()))
                .orElse(List.of());
    }
}
