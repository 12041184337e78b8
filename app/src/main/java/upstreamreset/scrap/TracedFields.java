// SPDX-License-Identifier: Apache-2.0
package upstreamreset.scrap;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import upstreamreset.http1.Rule;

/**
 * Finds Transfer-Encoding twice in one message, in the lines of Envoy's log at level trace, which name each field as it stood
 * on the wire. Memory is bounded.
 */
public final class TracedFields {
    private static final Pattern FIELD = Pattern.compile(
            "(?:[T ]\\d\\d:\\d\\d:(\\d\\d\\.\\d{3,9}).{0,200})?\\[C(\\d{1,18})].{0,40}completed header: key=(?i:transfer-encoding) value=(.{0,100})");
    private static final Pattern MESSAGE_ENDS = Pattern.compile(
            "\\[C(\\d{1,18})].{0,40}(?:message complete|message begin|onMessageComplete|onMessageBegin)");

    /** The fields of one message are read at once; another message needs a request in between. */
    private static final double MAX_SECONDS = 0.005;

    private static final int MAX_CONNECTIONS = 1_000;

    /** Seconds of the minute; negative where the line has no time. */
    private final Map<String, Double> seen = new LinkedHashMap<>();

    /** The conclusion from {@code line} and the lines before it. */
    public Optional<Scrap> read(String line) {
        if (!line.contains("[C")) {
            return Optional.empty();
        }
        var ends = MESSAGE_ENDS.matcher(line);
        if (ends.find()) {
            seen.remove(ends.group(1));
            return Optional.empty();
        }
        var field = FIELD.matcher(line);
        if (!field.find()) {
            return Optional.empty();
        }
        double now = field.group(1) == null ? -1 : Double.parseDouble(field.group(1));
        @Nullable Double before = seen.remove(field.group(2));
        if (before != null && before >= 0 && now >= 0 && Math.abs(now - before) <= MAX_SECONDS) {
            return Optional.of(Scrap.naming(
                    "completed header: key=Transfer-Encoding, twice on connection C" + field.group(2),
                    "Envoy",
                    "Envoy's log at level trace names Transfer-Encoding twice in the same message",
                    List.of(Rule.DUPLICATE_TRANSFER_ENCODING.id())));
        }
        if (seen.size() >= MAX_CONNECTIONS) {
            seen.clear();
        }
        seen.put(field.group(2), now);
        return Optional.empty();
    }
}
