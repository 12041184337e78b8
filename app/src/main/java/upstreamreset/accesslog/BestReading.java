// SPDX-License-Identifier: Apache-2.0
package upstreamreset.accesslog;

import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Chooses among the lines that pieces may have been: the one that a format fits, then the one that tells most. */
final class BestReading {
    private final LogReader reader;
    private @Nullable LogLine best;
    private int most;

    BestReading(LogReader reader) {
        this.reader = reader;
    }

    /** Answers whether one of the lines is better than all before. */
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
        }
        return better;
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
        boolean known = exchange.details().flatMap(ResponseCodeDetails::words).isPresent() && details.indexOf(' ') < 0;
        int told = guessed ? 1000 * entry.fields().size() + Math.min(details.length(), 400) : 100_000;
        return told - (exchange.hasForeignFlags() ? 50_000 : 0) + (known ? 500 : 0) + 1;
    }
}
