// SPDX-License-Identifier: Apache-2.0
package upstreamreset.probe;

import java.io.PrintWriter;
import upstreamreset.output.Annotation;
import upstreamreset.verdict.FindingLines;

/** A probe's results as workflow commands of GitHub Actions: an annotation for each URL with a finding or a note. */
public record ProbeGithub(PrintWriter out) {
    private static final String TITLE = "upstream-reset probe: ";

    public void print(ProbeResult result) {
        var summary = ProbeSummary.of(result);
        switch (result) {
            case ProbeResult.Unreachable _ -> out.println(Annotation.error(TITLE + "no answer", summary));
            case ProbeResult.Answered answered
            when !answered.healthy() -> {
                var text = new StringBuilder(summary);
                for (var judged : answered.judged()) {
                    FindingLines.of(judged).forEach(line -> text.append('\n').append(line));
                }
                out.println(Annotation.error(TITLE + "Envoy", text.toString()));
            }
            case ProbeResult.Answered answered
            when !ProbeSummary.notes(answered).isEmpty() -> out.println(Annotation.notice(TITLE + "Envoy", summary));
            case ProbeResult.Answered _ -> out.println(summary);
        }
        out.flush();
    }
}
