// SPDX-License-Identifier: Apache-2.0
package upstreamreset.site;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;
import upstreamreset.election.SeenTerm;
import upstreamreset.output.Json;

/**
 * The last responses and the election as server-sent events. A {@link Moment} is the same for all viewers: viewers in
 * the same state share the bytes that lead to the next one, and are in the same state again.
 */
public final class LiveFeed {
    /** The most responses in one step for an up-to-date subscriber: nobody can read faster. */
    private static final int MAX_IN_STEP = 10;

    private final RecentAnswers answers;
    private final Supplier<List<SeenTerm>> terms;

    /** Tells the events of this process from those of another, whose numbers mean other answers. */
    private final String boot = Long.toString(ThreadLocalRandom.current().nextLong(1L << 40), 36);

    /** The events of the last responses by their numbers, made once for all viewers. */
    private final Map<Long, String> events = new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, String> eldest) {
            return size() > RecentAnswers.MAX_KEPT;
        }
    };

    public LiveFeed(RecentAnswers answers, Supplier<List<SeenTerm>> terms) {
        this.answers = answers;
        this.terms = terms;
    }

    /** How far a subscriber is. */
    public record Position(long answer, List<SeenTerm> terms) {
        public Position {
            terms = List.copyOf(terms);
        }
    }

    /** The bytes after {@code from}, and the position after them. */
    public record Step(Position from, Position next, ByteBuffer bytes) {
        /** The bytes, to be read once more. */
        public ByteBuffer own() {
            return bytes.duplicate();
        }
    }

    /**
     * The start for a subscriber that knows {@code lastEventId}; may be empty. An id of another process means nothing.
     */
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
        return step(text, from, answers.after(from.answer(), RecentAnswers.MAX_KEPT), terms.get());
    }

    /** The current state. */
    public Moment moment() {
        return new Moment(answers.after(0, MAX_IN_STEP), terms.get());
    }

    /** The last responses and the election at one moment, unaffected by news while it is being sent. */
    public final class Moment {
        private final List<RecentAnswers.Answer> newest;
        private final List<SeenTerm> seen;
        private final List<Step> steps = new ArrayList<>();

        private Moment(List<RecentAnswers.Answer> newest, List<SeenTerm> seen) {
            this.newest = newest;
            this.seen = seen;
        }

        /** The bytes that lead from an earlier moment to this one, made once; none if nothing is new. */
        public synchronized Step since(Position from) {
            for (var each : steps) {
                if (each.from().equals(from)) {
                    return each;
                }
            }
            var fresh = newest.stream()
                    .filter(each -> each.number() > from.answer())
                    .toList();
            var step = step(new StringBuilder(), from, fresh, seen);
            steps.add(step);
            return step;
        }
    }

    private Step step(StringBuilder text, Position from, List<RecentAnswers.Answer> fresh, List<SeenTerm> now) {
        if (!now.equals(from.terms())) {
            event(text, "election", Json.object(json -> json.objects("terms", now, each -> term(json, each))));
        }
        long at = from.answer();
        for (var answer : fresh) {
            long skipped = answer.number() - at - 1;
            at = answer.number();
            text.append(skipped > 0 ? event(answer, skipped) : event(answer));
        }
        return new Step(
                from,
                new Position(at, now),
                ByteBuffer.wrap(text.toString().getBytes(StandardCharsets.UTF_8))
                        .asReadOnlyBuffer());
    }

    private String event(RecentAnswers.Answer answer) {
        synchronized (events) {
            return events.computeIfAbsent(answer.number(), _ -> event(answer, 0));
        }
    }

    private String event(RecentAnswers.Answer answer, long skipped) {
        var text = new StringBuilder("id: " + boot + "-" + answer.number() + "\n");
        event(text, "answer", Json.object(json -> answer(json, answer, skipped)));
        return text.toString();
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
