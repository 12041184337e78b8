// SPDX-License-Identifier: Apache-2.0
package upstreamreset.probe;

import java.io.PrintWriter;
import upstreamreset.verdict.FindingLines;
import upstreamreset.wire.Escape;

/** What a probe found as workflow commands of GitHub Actions: an annotation for each URL that has a finding or a note. */
public record ProbeGithub(PrintWriter out) {
    public void print(ProbeResult result) {
        var summary = ProbeSummary.of(result);
        switch (result) {
            case ProbeResult.Unreachable _ -> annotation("error", "server not asked", summary);
            case ProbeResult.Answered answered
            when !answered.healthy() -> {
                var text = new StringBuilder(summary);
                for (var judged : answered.judged()) {
                    FindingLines.of(judged).forEach(line -> text.append('\n').append(line));
                }
                annotation("error", "Envoy", text.toString());
            }
            case ProbeResult.Answered answered
            when !ProbeSummary.notes(answered).isEmpty() -> annotation("notice", "Envoy", summary);
            case ProbeResult.Answered _ -> out.println(summary);
        }
        out.flush();
    }

    private void annotation(String level, String title, String text) {
        out.println("::%s title=%s::%s"
                .formatted(
                        level, Escape.workflowProperty("upstream-reset probe: " + title), Escape.workflowData(text)));
    }
}
