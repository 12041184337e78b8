// SPDX-License-Identifier: Apache-2.0
package upstreamreset.explain;

import java.util.Optional;
import upstreamreset.accesslog.LogLine;
import upstreamreset.accesslog.LogReader;

/** Compares the answer on a line with the answer on what became of it. */
final class Mangled {
    private Mangled() {}

    /** What differs; empty if nothing does. */
    static Optional<String> check(String line, long seed) {
        var entry = ((LogLine.Access) new LogReader().read(line)).entry();
        var text = new LineMangler(seed).mangle(line, entry);
        var before = answer(line);
        var after = answer(text);
        return before.equals(after)
                ? Optional.empty()
                : Optional.of("seed " + seed + "\n" + line + "\n" + text + "\n  expected: " + before + "\n  but was:  "
                        + after);
    }

    /** Whether it failed, who made the error, whether the app ran, and the outcome. */
    private static String answer(String text) {
        var digest = new LogDigest(new LogReader(), new Explainer(IstioVersion.UNKNOWN));
        text.lines().forEach(digest::add);
        var explanations = digest.explanations();
        if (explanations.size() != 1) {
            return explanations.size() + " requests";
        }
        var explanation = explanations.getFirst();
        return String.join(
                " ",
                explanation.failed() ? "failed" : "fine",
                explanation.culprit().side().toString(),
                explanation.culprit().entry().status().toString(),
                String.join(",", explanation.culprit().entry().flags()),
                explanation.envoy().outcome().toString(),
                explanation.appRan().toString(),
                explanation.causes().stream().map(Cause::id).findFirst().orElse("no cause"));
    }
}
