// SPDX-License-Identifier: Apache-2.0
package upstreamreset.page;

import java.util.List;
import upstreamreset.accesslog.AccessLogEntry;
import upstreamreset.framework.Recipe;
import upstreamreset.framework.Recognition;
import upstreamreset.verdict.Finding;
import upstreamreset.verdict.JudgedResponse;
import upstreamreset.wire.Bytes;

/**
 * The content of one report about a request or a Pod: the verdict first, then each party's view. All text may come raw
 * from the wire: the page escapes it and hides secrets and the values of queries.
 *
 * @param title request and result in one line: {@code GET /wrong → 502 UPE}
 * @param verdict one or two sentences: what happened and who did it; "Envoy did" or "the model expects"
 */
public record Story(String title, Tone tone, String verdict, List<Part> parts) {
    public Story {
        parts = List.copyOf(parts);
    }

    /** How it ended: decides colour and sign. */
    public enum Tone {
        GOOD("✓"),
        BAD("✗"),
        UNKNOWN("?");

        private final String sign;

        Tone(String sign) {
            this.sign = sign;
        }

        String sign() {
            return sign;
        }
    }

    /** One place where one can look. */
    public sealed interface Part {}

    /** The picture: the parties side by side, and the messages between them from top to bottom. */
    public record Sequence(String heading, List<String> lanes, List<Step> steps) implements Part {
        public Sequence {
            lanes = List.copyOf(lanes);
            steps = List.copyOf(steps);
            for (var step : steps) {
                if (step.from() < 0 || step.from() >= lanes.size() || step.to() < 0 || step.to() >= lanes.size()) {
                    throw new IllegalArgumentException("no lane for " + step);
                }
            }
        }
    }

    /**
     * What passed from one lane to another, or what happened within one where both are the same.
     *
     * @param text a few words, for the picture
     * @param more what there is beyond these words; empty for nothing
     */
    public record Step(int from, int to, Tone tone, String text, String more) {}

    /** An access-log line exactly as logged, split into fields. */
    public record LogLine(String heading, String line, AccessLogEntry entry) implements Part {}

    /**
     * Bytes as they were sent, with those of the findings marked.
     *
     * @param under who ended the connection, and what else is to be said of them
     */
    public record Wire(String heading, Bytes bytes, List<Finding> findings, String under) implements Part {
        public Wire {
            findings = List.copyOf(findings);
        }
    }

    /** Names and values. */
    public record Facts(String heading, List<Fact> facts) implements Part {
        public Facts {
            facts = List.copyOf(facts);
        }
    }

    public record Fact(String name, String value) {}

    /**
     * Findings or causes: the fault, its cause and its fix.
     *
     * @param framework what made the response, and how that is known; empty where nobody knows
     */
    public record Advice(String heading, String framework, List<Cause> causes) implements Part {
        public Advice {
            causes = List.copyOf(causes);
        }

        public Advice(String heading, List<Cause> causes) {
            this(heading, "", causes);
        }

        /** Each rule that {@code judged} breaks once, however many lines break it. */
        public static Advice of(String heading, JudgedResponse judged) {
            return new Advice(
                    heading,
                    judged.framework().map(Recognition::text).orElse(""),
                    judged.findings().stream()
                            .map(each -> new Cause(
                                    each.rule().id(),
                                    each.rule().section(),
                                    each.cause(),
                                    each.fix(),
                                    judged.recipes(each)))
                            .distinct()
                            .toList());
        }
    }

    /**
     * A cause, and its fix.
     *
     * @param id kebab-case
     * @param where the section of the RFC, or what else proves it
     * @param recipes the lines to change
     */
    public record Cause(String id, String where, String cause, String fix, List<Recipe> recipes) {
        public Cause {
            recipes = List.copyOf(recipes);
        }

        public Cause(String id, String where, String cause, String fix) {
            this(id, where, cause, fix, List.of());
        }
    }

    /** Lines that are shown as they are: commands, or what a program printed. */
    public record Listing(String heading, List<String> lines) implements Part {
        public Listing {
            lines = List.copyOf(lines);
        }
    }
}
