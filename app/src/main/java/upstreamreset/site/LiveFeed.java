// SPDX-License-Identifier: Apache-2.0
package upstreamreset.site;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import upstreamreset.election.SeenTerm;
import upstreamreset.output.Json;

/**
 * The last answers and the election as server-sent events; those who are as far as each other share the bytes of what comes
 * next.
 */
public final class LiveFeed {
    /** Answers in one step, of a subscriber that has seen the ones before: what comes faster nobody can read. */
    private static final int MAX_IN_STEP = 10;

    private final RecentAnswers answers;
    private final Supplier<List<SeenTerm>> terms;

    /** Tells the events of this process from those of another, whose numbers mean other answers. */
    private final String boot = Long.toString(ThreadLocalRandom.current().nextLong(1L << 40), 36);

    private @Nullable Position cachedFrom;
    private @Nullable Step cached;

    public LiveFeed(RecentAnswers answers, Supplier<List<SeenTerm>> terms) {
        this.answers = answers;
        this.terms = terms;
    }

    /** How far a subscriber is. */
    public record Position(long answer, List<SeenTerm> terms) {
        public Position {
            terms = List.copyOf(terms);
        }

        /** A list of terms changes only by becoming another one. */
        private boolean is(@Nullable Position other) {
            return other != null && answer == other.answer && terms.equals(other.terms);
        }
    }

    /** What comes next, and how far it leads. */
    public record Step(Position next, ByteBuffer bytes) {
        /** The bytes, to be read once more. */
        public ByteBuffer own() {
            return bytes.duplicate();
        }
    }

    /** Where a subscriber begins that knows {@code lastEventId}; empty for none. Of another process it means nothing. */
    public Position begin(String lastEventId) {
        long number = 0;
        if (lastEventId.startsWith(boot + "-") && lastEventId.length() <= boot.length() + 19) {
            var digits = lastEventId.substring(boot.length() + 1);
            if (!digits.isEmpty() && digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
                number = Math.min(Long.parseLong(digits), answers.last());
            }
        }
        return new Position(number, List.of());
    }

    /** All that a new subscriber has not seen. */
    public Step first(Position from, String pod, Duration retry) {
        var text = new StringBuilder("retry: " + retry.toMillis() + "\n");
        event(text, "hello", Json.object(json -> json.field("pod", pod)));
        return step(text, from, RecentAnswers.MAX_KEPT);
    }

    /** What is new since {@code from}; no bytes where nothing is. */
    public synchronized Step next(Position from) {
        var known = cached;
        if (known == null || !from.is(cachedFrom) || !known.next().is(new Position(answers.last(), terms.get()))) {
            known = step(new StringBuilder(), from, MAX_IN_STEP);
            cachedFrom = from;
            cached = known;
        }
        return known;
    }

    private Step step(StringBuilder text, Position from, int most) {
        var now = terms.get();
        if (!now.equals(from.terms())) {
            event(text, "election", Json.object(json -> json.objects("terms", now, each -> term(json, each))));
        }
        long at = from.answer();
        for (var answer : answers.after(from.answer(), most)) {
            long skipped = answer.number() - at - 1;
            at = answer.number();
            text.append("id: ").append(boot).append('-').append(at).append('\n');
            event(text, "answer", Json.object(json -> answer(json, answer, skipped)));
        }
        return new Step(
                new Position(at, now),
                ByteBuffer.wrap(text.toString().getBytes(StandardCharsets.UTF_8))
                        .asReadOnlyBuffer());
    }

    private static void event(StringBuilder text, String name, String json) {
        text.append("event: ").append(name).append("\ndata: ").append(json).append("\n\n");
    }

    private static void answer(Json json, RecentAnswers.Answer answer, long skipped) {
        json.field("at", answer.at().toString());
        json.field("scenario", answer.scenario());
        json.field("bytes", answer.bytes());
        json.field("end", answer.end());
        json.field("sent", answer.shown().latin1());
        if (skipped > 0) {
            json.field("skipped", skipped);
        }
    }

    private static void term(Json json, SeenTerm term) {
        json.field("holder", term.holder());
        json.field("number", term.number());
        json.field("from", term.from().toString());
        term.until().ifPresent(until -> json.field("until", until.toString()));
        term.gap().ifPresent(gap -> json.field("gapMillis", gap.toMillis()));
    }
}
