// SPDX-License-Identifier: Apache-2.0
package upstreamreset.accesslog;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a container runtime cut is one line again. */
class PartialLinesTest {
    private final PartialLines partial = new PartialLines();
    private final List<String> whole = new ArrayList<>();

    private List<String> add(String... lines) {
        for (var line : lines) {
            partial.add(line, whole::add);
        }
        return whole;
    }

    @Test
    void piecesOfCriAreJoinedByStream() {
        assertThat(add(
                        "2026-11-22T20:00:00.123456789Z stdout P [2026-11-22T20:00:00.1",
                        "2026-11-22T20:00:00.123456790Z stderr F an error",
                        "2026-11-22T20:00:00.123456791Z stdout P 23Z] \"GET / HT",
                        "2026-11-22T20:00:00.123456792Z stdout F TP/1.1\" 200",
                        "2026-11-22T20:00:00.123456793Z stdout F next"))
                .containsExactly(
                        "2026-11-22T20:00:00.123456790Z stderr F an error",
                        "2026-11-22T20:00:00.123456789Z stdout F [2026-11-22T20:00:00.123Z] \"GET / HTTP/1.1\" 200",
                        "2026-11-22T20:00:00.123456793Z stdout F next");
    }

    @Test
    void piecesOfDockersFileAreJoined() {
        var piece =
                "{\"log\":\"" + "a".repeat(16 * 1024) + "\",\"stream\":\"stdout\",\"time\":\"2026-11-22T20:00:00Z\"}";
        var last = "{\"log\":\"b\\n\",\"stream\":\"stdout\",\"time\":\"2026-11-22T20:00:00Z\"}";
        assertThat(add(piece, last)).singleElement().asString().contains("aab\\n\"");
        assertThat(add("{\"log\":\"short, its end was taken\",\"stream\":\"stdout\"}"))
                .as("a shipper took the ends")
                .hasSize(2);
    }

    @Test
    void whatHasNoEndIsGivenAtTheEndOrBeforeAnotherLine() {
        assertThat(add("2026-11-22T20:00:00.123456789Z stdout P half", "other"))
                .containsExactly("2026-11-22T20:00:00.123456789Z stdout F half", "other");
        add("2026-11-22T20:00:00.123456789Z stdout P half again");
        partial.end(whole::add);
        partial.end(whole::add);
        assertThat(whole).hasSize(3).last().asString().endsWith("half again");
    }

    @Test
    void whatIsHeldIsBounded() {
        for (int i = 0; i < 100; i++) {
            add("2026-11-22T20:00:00.123456789Z stdout P " + "a".repeat(10_000));
        }
        assertThat(whole).hasSizeGreaterThan(10);
    }
}
