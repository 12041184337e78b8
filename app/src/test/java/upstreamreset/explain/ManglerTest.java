// SPDX-License-Identifier: Apache-2.0
package upstreamreset.explain;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import org.junit.jupiter.api.Test;
import upstreamreset.accesslog.LogLines;
import upstreamreset.scenario.Catalogue;
import upstreamreset.scenario.Expectation;
import upstreamreset.scenario.Scenario;

/** Whatever is done to a line of an outcome of the catalogue, the answer does not change. */
class ManglerTest {
    private static final int TIMES = 60;

    @Test
    void theAnswerDoesNotChange() {
        var wrong = new ArrayList<String>();
        long seed = 0;
        for (var line : lines()) {
            for (int i = 0; i < TIMES; i++) {
                Mangled.check(line, seed++).ifPresent(wrong::add);
            }
        }
        assertThat(seed).isGreaterThan(3_000);
        assertThat(wrong.size() + " of " + seed + " are wrong:\n"
                        + String.join("\n", wrong.subList(0, Math.min(12, wrong.size()))))
                .startsWith("0 of ");
    }

    /** A line of each outcome, in old versions too. */
    private static List<String> lines() {
        var lines = new LinkedHashSet<String>();
        for (var scenario : new Catalogue().all()) {
            lines.add(line(scenario.expectation()));
            scenario.older().stream().map(Scenario.Older::expectation).forEach(older -> lines.add(line(older)));
        }
        for (var flags : List.of(
                "503 UF", "503 UH", "504 UT", "503 UO", "404 NR", "403 -", "429 RL", "200 -", "0 DC", "503 URX,UF")) {
            var words = flags.split(" ", -1);
            lines.add(LogLines.server()
                    .status(Integer.parseInt(words[0]))
                    .flags(words[1])
                    .details(
                            switch (words[1]) {
                                case "UF", "URX,UF" ->
                                    LogLines.RESET_BEFORE
                                            + "{remote_connection_failure|delayed_connect_error:_Connection_refused}";
                                case "UH" -> "no_healthy_upstream";
                                case "UT" -> "response_timeout";
                                case "UO" -> LogLines.RESET_BEFORE + "{overflow}";
                                case "NR" -> "route_not_found";
                                case "RL" -> "request_rate_limited";
                                case "DC" -> "downstream_remote_disconnect";
                                default ->
                                    words[0].equals("403") ? "rbac_access_denied_matched_policy[none]" : "via_upstream";
                            })
                    .line());
        }
        return List.copyOf(lines);
    }

    private static String line(Expectation expected) {
        var details = expected.details().replace("*", "|delayed_connect_error:_111}");
        return LogLines.server()
                .status(expected.status())
                .flags(expected.flags())
                .details(details)
                .bytes(expected.bytes().orElse(0))
                .line();
    }
}
