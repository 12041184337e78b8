// SPDX-License-Identifier: Apache-2.0
package upstreamreset.diagnose;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import upstreamreset.accesslog.EnvoyWords;
import upstreamreset.wire.Printable;
import upstreamreset.wire.Secrets;

/**
 * Finds in a sidecar's log the codec's message about our request. It reports only messages that provably belong to it:
 * by the request id in the trace and the thread on which Envoy turns a refusal into its answer; else because there is
 * only one refusal, or several with the same reason.
 */
final class CodecLogReader {
    private static final int MAX_LINES = 200_000;
    private static final String LOCAL_REPLY = "Sending local reply with details upstream_reset";

    private final String id;
    private final List<DebugLine> lines = new ArrayList<>();

    /** @param id of the question's request */
    CodecLogReader(String id) {
        this.id = id;
    }

    void add(String line) {
        if (lines.size() < MAX_LINES) {
            DebugLine.parse(line).ifPresent(lines::add);
        }
    }

    /** Whether some response was refused. */
    boolean hasRefusal() {
        return lines.stream().anyMatch(CodecLogReader::refuses);
    }

    private static boolean refuses(DebugLine line) {
        return EnvoyWords.codecReason(line.text()).isPresent();
    }

    /** @param refused whether our question was answered with a refusal of its response */
    CodecWords read(boolean refused) {
        var refusals = lines.stream().filter(CodecLogReader::refuses).toList();
        if (!refused) {
            return new CodecWords(Optional.empty(), List.of(), "");
        }
        var ours = byThread();
        if (ours.isPresent()) {
            return words(ours.get());
        }
        var reasons = refusals.stream().map(CodecLogReader::reason).distinct().toList();
        return switch (reasons.size()) {
            case 0 -> new CodecWords(Optional.empty(), List.of(), "its codec logged no reason");
            case 1 ->
                refusals.size() == 1
                        ? words(refusals.getFirst())
                        : new CodecWords(
                                Optional.of(reasons.getFirst()),
                                List.of(),
                                "so it says of each of the " + refusals.size()
                                        + " responses that it refused in that time");
            default ->
                new CodecWords(
                        Optional.empty(),
                        List.of(),
                        "its codec refused " + refusals.size() + " responses in that time, for " + reasons.size()
                                + " reasons: which is of our question cannot be told; ask again");
        };
    }

    private static String reason(DebugLine line) {
        return EnvoyWords.codecReason(line.text()).orElse("");
    }

    /** The refusal that Envoy turned into the answer to our request. */
    private Optional<DebugLine> byThread() {
        for (int i = 0; i < lines.size(); i++) {
            var field = lines.get(i).field();
            if (field.isPresent()
                    && field.get().name().equalsIgnoreCase("x-request-id")
                    && field.get().value().strip().equals(id)) {
                return refusalOf(lines.get(i), i);
            }
        }
        return Optional.empty();
    }

    private Optional<DebugLine> refusalOf(DebugLine request, int from) {
        DebugLine refusal = null;
        for (var line : lines.subList(from, lines.size())) {
            if (!line.thread().equals(request.thread())) {
                continue;
            }
            if (refuses(line)) {
                refusal = line;
            } else if (line.connection() == request.connection() && line.text().contains(LOCAL_REPLY)) {
                break;
            }
        }
        return Optional.ofNullable(refusal);
    }

    @SuppressWarnings("ReferenceEquality") // this very line: the same words may stand in the log twice
    private CodecWords words(DebugLine refusal) {
        var fields = new ArrayList<String>();
        for (var line : lines) {
            if (line.connection() == refusal.connection() && line.thread().equals(refusal.thread())) {
                line.field()
                        .ifPresent(field -> fields.add(Printable.of(field.name()) + ": "
                                + Printable.of(Secrets.value(field.name(), field.value()))));
                // A pooled connection carried other answers before.
                if (line.text().contains("message complete")) {
                    fields.clear();
                }
            }
            if (line == refusal) {
                break;
            }
        }
        return new CodecWords(Optional.of(reason(refusal)), fields, "");
    }
}
