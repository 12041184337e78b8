// SPDX-License-Identifier: Apache-2.0
package upstreamreset.explain;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import upstreamreset.scrap.Scrap;
import upstreamreset.scrap.ScrapReader;
import upstreamreset.scrap.TracedFields;
import upstreamreset.scrap.TranscriptReader;

/**
 * Collects the parts of a text that are not log lines: scraps, one of each kind, and the output of HTTP clients.
 * Bounded.
 */
final class ScrapLog {
    private static final int MAX_KINDS = 50;

    /** A kind of scrap, and how many there were. */
    record Counted(ScrapExplanation explanation, long count) {}

    private final ScrapExplainer explainer;
    private final TranscriptExplainer transcripts;
    private final TranscriptReader reader = new TranscriptReader();
    private final TracedFields traced = new TracedFields();
    private final Map<String, Counted> kinds = new LinkedHashMap<>();

    ScrapLog(Explainer explainer) {
        this.explainer = new ScrapExplainer(explainer);
        this.transcripts = new TranscriptExplainer(this.explainer);
    }

    /** Whether the last line was a part of what an HTTP client printed, which may go on. */
    boolean isTranscript() {
        return reader.isReading();
    }

    /** Whether the line is a part of what an HTTP client printed. */
    boolean takes(String line) {
        boolean taken = reader.takes(line);
        collect();
        return taken;
    }

    /** The scrap in a line that is nothing else; the codec's words are not kept here. */
    Optional<Scrap> read(String line) {
        traced.read(line).ifPresent(each -> add(explainer.explain(each)));
        var scrap = ScrapReader.read(line);
        scrap.filter(each -> each.refusal().isEmpty()).ifPresent(each -> add(explainer.explain(each)));
        return scrap;
    }

    /** Those found, in their order; what tells of no failure only where nothing else was found. */
    List<Counted> found(int max) {
        reader.end();
        collect();
        var failed = kinds.values().stream()
                .filter(each -> each.explanation().failed() && !isSaidBetter(each.explanation()))
                .limit(max)
                .toList();
        return failed.isEmpty() ? kinds.values().stream().limit(1).toList() : failed;
    }

    private boolean isSaidBetter(ScrapExplanation explanation) {
        return kinds.values().stream().anyMatch(other -> explanation.isSaidBy(other.explanation()));
    }

    private void collect() {
        reader.finished().forEach(transcript -> add(transcripts.explain(transcript)));
    }

    private void add(ScrapExplanation explanation) {
        var kind = explanation.kind();
        @Nullable Counted known = kinds.get(kind);
        if (known != null) {
            kinds.put(kind, new Counted(known.explanation(), known.count() + 1));
        } else if (kinds.size() < MAX_KINDS) {
            kinds.put(kind, new Counted(explanation, 1));
        }
    }
}
