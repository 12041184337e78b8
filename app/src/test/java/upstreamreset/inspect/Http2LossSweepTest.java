// SPDX-License-Identifier: Apache-2.0
package upstreamreset.inspect;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import upstreamreset.http1.Rule;
import upstreamreset.inspect.LossSweepTest.Harm;
import upstreamreset.verdict.Finding;

/**
 * The same for HTTP/2 in plain text: a capture may lack frames, and what their fields referred to, but nothing that is missing is a
 * finding. {@code -Dsweep.cases=10000} says how many of each kind, {@code -Dsweep.seed} which.
 */
class Http2LossSweepTest {
    private static final int CASES = Integer.getInteger("sweep.cases", 100);
    private static final long SEED = Long.getLong("sweep.seed", 17);

    /** After these all of it is there. */
    private static final Set<Harm> HARMLESS = EnumSet.of(
            Harm.NONE,
            Harm.MIXED_UP,
            Harm.TWICE,
            Harm.SENT_AGAIN_LATE,
            Harm.WRAPPED,
            Harm.WRAPPED_EACH_WAY,
            Harm.SEEN_INSIDE_AND_OUTSIDE,
            Harm.SYN_AGAIN,
            Harm.END_BEFORE_THE_ANSWER);

    /** A connection of a few streams, one of them wrong or none. */
    private static final class Http2Conversation extends PacketTalk {
        private final int count;
        private final int wrong;

        Http2Conversation(Random random) {
            super(random);
            count = 2 + random.nextInt(7);
            wrong = random.nextInt(3) == 0 ? random.nextInt(count) : -1;
            send(true, Http2Wire.CLIENT);
            send(false, Http2Wire.SETTINGS + Http2Wire.ACK);
            send(true, Http2Wire.ACK);
            for (int first = 0; first < count; ) {
                int next = Math.min(count, first + 1 + random.nextInt(3));
                for (int i = first; i < next; i++) {
                    request(i);
                }
                maybeAck(false);
                responses(first, next);
                maybeAck(true);
                pause(random.nextInt(30_000));
                first = next;
            }
            close();
        }

        private void request(int number) {
            boolean body = random.nextInt(3) == 0;
            send(
                    true,
                    Http2Wire.frame(
                            1,
                            body ? 4 : 5,
                            id(number),
                            (body ? "\u0083" : "\u0082") + "\u0086" + Http2Wire.literal(":path", "/" + number)
                                    + field("x-request-id", "r" + number) + field("user-agent", "sweep")));
            if (body) {
                send(true, Http2Wire.frame(0, 1, id(number), "b".repeat(1 + random.nextInt(3_000))));
            }
        }

        /** The streams' frames in turns. */
        private void responses(int from, int to) {
            for (int i = from; i < to; i++) {
                send(
                        false,
                        Http2Wire.frame(
                                1,
                                4,
                                id(i),
                                "\u0088" + Http2Wire.literal("x-n", "" + i) + field("server", "sweep")
                                        + field("x-mark", "m" + i % 3)
                                        + (i == wrong ? Http2Wire.literal("connection", "close") : "")));
            }
            for (int round = random.nextInt(3); round >= 0; round--) {
                for (int i = from; i < to; i++) {
                    send(false, Http2Wire.frame(0, 0, id(i), "d".repeat(1 + random.nextInt(4_000))));
                }
            }
            for (int i = from; i < to; i++) {
                send(
                        false,
                        random.nextInt(3) == 0
                                ? Http2Wire.frame(1, 5, id(i), field("x-trailer", "t" + i % 2))
                                : Http2Wire.frame(0, 1, id(i), "e"));
            }
        }

        /** In the table or not. */
        private String field(String name, String value) {
            return random.nextBoolean() ? Http2Wire.indexed(name, value) : Http2Wire.literal(name, value);
        }
    }

    private static int id(int number) {
        return 2 * number + 1;
    }

    @ParameterizedTest
    @EnumSource
    void whatIsMissingIsNoFinding(Harm harm) throws IOException {
        var wrong = new TreeMap<String, Long>();
        for (int round = 0; round < CASES; round++) {
            long seed = SEED * 1_000_003 + round;
            var random = LossSweepTest.random(seed);
            var conversation = new Http2Conversation(random);
            for (var problem : problems(harm, conversation, random)) {
                wrong.put(problem, seed);
            }
        }
        assertThat(wrong).as("%s: what went wrong, and a seed of each", harm).isEmpty();
    }

    private static List<String> problems(Harm harm, Http2Conversation conversation, Random random) throws IOException {
        var found = LossSweepTest.harmed(harm, conversation.packets, random).inspected();
        found.removeIf(each -> each.http2().isEmpty() && harm == Harm.PORT_REUSED && !each.remarkable());
        var problems = new ArrayList<String>();
        for (var each : found) {
            var target = each.judged().request().target();
            var number = each.wire().fields("x-n");
            int stream = each.http2().map(Http2Stream::id).orElse(-1);
            if (stream < 0) {
                problems.add("not HTTP/2");
            } else if (target.startsWith("/") && !target.equals("/" + stream / 2)) {
                problems.add("with another's request");
            } else if (!number.isEmpty() && !number.getFirst().value().equals("" + stream / 2)) {
                problems.add("with another's fields");
            }
            var rules = each.judged().findings().stream().map(Finding::rule).toList();
            if (each.remarkable()
                    && !(stream == id(conversation.wrong) && rules.equals(List.of(Rule.CONNECTION_SPECIFIC_FIELD)))) {
                problems.add(
                        "false finding " + rules + " " + each.judged().envoy().outcome());
            }
        }
        for (int i = 0; i < conversation.count; i++) {
            int id = id(i);
            var told = found.stream()
                    .filter(each -> each.http2().map(Http2Stream::id).orElse(-1) == id)
                    .toList();
            if (told.size() > 1 || (told.isEmpty() && HARMLESS.contains(harm))) {
                problems.add("told " + told.size() + " times");
            }
            if (HARMLESS.contains(harm)
                    && told.stream()
                            .anyMatch(each -> each.judged().status() != 200
                                    || !each.judged().request().target().equals("/" + id / 2))) {
                problems.add("not all of it is known");
            }
            if (HARMLESS.contains(harm)
                    && id == id(conversation.wrong)
                    && told.stream().noneMatch(InspectedResponse::remarkable)) {
                problems.add("without its finding");
            }
        }
        return problems;
    }
}
