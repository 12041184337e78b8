// SPDX-License-Identifier: Apache-2.0
package upstreamreset.diagnose;

import java.util.function.Consumer;
import upstreamreset.output.Durations;
import upstreamreset.output.Thousands;

/** What ztunnel logged, as a person reads it; each line goes to {@code lines}. */
record AmbientText(Consumer<String> lines) {
    private static final int MAX_WAYS = 8;

    void print(AmbientLog log) {
        if (!log.ztunnel().isEmpty()) {
            lines.accept("ztunnel (%s), last %s: %s, %s failed"
                    .formatted(
                            log.ztunnel(),
                            Durations.text(log.since()),
                            Thousands.of(log.connections(), "connection"),
                            Thousands.of(log.failed())));
        }
        log.failures().stream().limit(MAX_WAYS).forEach(way -> {
            lines.accept("  %s × %s, from %s to %s"
                    .formatted(
                            Thousands.of(way.count()),
                            way.example().error().orElse("-"),
                            way.example().source(),
                            way.example().destination()));
            lines.accept("    " + way.cause().id() + ": " + way.cause().cause());
        });
        if (log.failures().size() > MAX_WAYS) {
            lines.accept("  … and " + (log.failures().size() - MAX_WAYS) + " ways more");
        }
        log.problems().forEach(lines);
        if (!log.command().isEmpty()) {
            lines.accept("  $ " + log.command());
        }
    }
}
