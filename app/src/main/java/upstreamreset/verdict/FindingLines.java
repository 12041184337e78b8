// SPDX-License-Identifier: Apache-2.0
package upstreamreset.verdict;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import upstreamreset.http1.Rule;
import upstreamreset.output.WordWrap;

/** Findings as text: each rule once, with the first places that break it, the cause and the fix. */
public final class FindingLines {
    private static final int MAX_PLACES = 5;

    private FindingLines() {}

    /** Lines of at most 100 characters, but for bytes and code. The framework comes first, where it is known. */
    public static List<String> of(JudgedResponse response) {
        var findings = response.findings();
        var byRule = new LinkedHashMap<Rule, List<Finding>>();
        for (var finding : findings) {
            byRule.computeIfAbsent(finding.rule(), _ -> new ArrayList<>()).add(finding);
        }
        var lines = new ArrayList<>(RecipeLines.framework(response, ""));
        byRule.forEach((rule, places) -> {
            lines.add("%s %s (%s)".formatted(places.getFirst().severity().text(), rule.id(), rule.section()));
            places.stream().limit(MAX_PLACES).forEach(each -> lines.add("  " + place(each)));
            if (places.size() > MAX_PLACES) {
                lines.add("  and " + (places.size() - MAX_PLACES) + " more");
            }
            lines.addAll(WordWrap.lines("  cause: ", places.getFirst().cause()));
            lines.addAll(WordWrap.lines("  fix:   ", places.getFirst().fix()));
            lines.addAll(RecipeLines.of(response, places.getFirst(), "  "));
        });
        return lines;
    }

    private static String place(Finding finding) {
        return "offset " + finding.offset() + (finding.excerpt().isEmpty() ? "" : ": " + finding.excerpt());
    }
}
