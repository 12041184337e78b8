// SPDX-License-Identifier: Apache-2.0
package upstreamreset.accesslog;

import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Chooses how pieces of a wrapped line are joined: preferably to a line that fits a format, then to the most
 * informative one.
 */
final class BestReading {
    private final LogReader reader;
    private @Nullable LogLine best;
    private int most;

    BestReading(LogReader reader) {
        this.reader = reader;
    }

    /** Answers whether one of the lines is better than all before; of two that tell the same fields the longer. */
    boolean offer(Set<String> lines) {
        boolean better = false;
        for (var line : lines) {
            var read = reader.read(line);
            int score = score(read);
            if (score > most) {
                most = score;
                best = read;
                better = true;
            }
            if (read instanceof LogLine.Access access && isSound(access.entry())) {
                // The joins that follow cut words apart, which makes more words, not more fields.
                break;
            }
        }
        return better;
    }

    private static boolean isSound(AccessLogEntry entry) {
        return entry.text(LogField.RESPONSE_CODE).isPresent()
                && !LoggedExchange.of(entry).hasForeignFlags()
                && isKnown(entry);
    }

    private static boolean isKnown(AccessLogEntry entry) {
        return entry.details().flatMap(ResponseCodeDetails::words).isPresent()
                && entry.text(LogField.RESPONSE_CODE_DETAILS).orElse("").indexOf(' ') < 0;
    }

    /** The best; empty if none was anything. */
    Optional<LogLine> line() {
        return Optional.ofNullable(best);
    }

    private int score(LogLine line) {
        return switch (line) {
            case LogLine.Access access -> access(access.entry(), reader.wasGuessed());
            case LogLine.Ambient ambient -> 1000 * ambient.connection().fields().size();
            case LogLine.Foreign foreign -> 0;
            default -> 1;
        };
    }

    /** A line that fits a format has all fields, also if a join added a blank: then the first join counts. */
    private static int access(AccessLogEntry entry, boolean guessed) {
        var exchange = LoggedExchange.of(entry);
        var details = entry.text(LogField.RESPONSE_CODE_DETAILS).orElse("");
        boolean known = isKnown(entry);
        int told = guessed
                ? 1000 * entry.fields().size() + Math.min(length(entry), 800) / 8 + Math.min(details.length(), 400)
                : 100_000;
        return told - (exchange.hasForeignFlags() ? 50_000 : 0) + (known ? 500 : 0) + 1;
    }

    /** The cluster may be the last word, and tells whose log it is. */
    private static int length(AccessLogEntry entry) {
        return 8 * entry.text(LogField.UPSTREAM_CLUSTER).orElse("").length();
    }
}
