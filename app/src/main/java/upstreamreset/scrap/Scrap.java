// SPDX-License-Identifier: Apache-2.0
package upstreamreset.scrap;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import upstreamreset.accesslog.AccessLogEntry;

/**
 * A piece of text that is not a log line, and its meaning for an exchange.
 *
 * @param words the piece that was recognised
 * @param speaker the program that wrote them: {@code Envoy}, {@code nginx}
 * @param says their meaning, in one sentence without a full stop
 * @param causes the ids of the causes that they name, the most likely first; none if {@code told} or the codec says
 *     more
 * @param told what a log line with the same words would have held
 * @param codec what Envoy's codec said of a response that it refused; empty if it did not
 * @param notes what else the words give away, a sentence each
 * @param failed whether they indicate a failure
 * @param vague whether they only name a kind of failure, which other words beside them may tell better
 */
public record Scrap(
        String words,
        String speaker,
        String says,
        List<String> causes,
        AccessLogEntry told,
        String codec,
        List<String> notes,
        boolean failed,
        boolean vague) {
    private static final AccessLogEntry NOTHING = new AccessLogEntry(Map.of());

    public Scrap {
        causes = List.copyOf(causes);
        notes = List.copyOf(notes);
    }

    /** Words that name their causes. */
    static Scrap naming(String words, String speaker, String says, List<String> causes) {
        return new Scrap(words, speaker, says, causes, NOTHING, "", List.of(), true, false);
    }

    /** The same of words that only name a kind of failure. */
    Scrap madeVague() {
        return new Scrap(words, speaker, says, causes, told, codec, notes, failed, true);
    }

    /** The same with these notes. */
    Scrap with(List<String> more) {
        return new Scrap(words, speaker, says, causes, told, codec, more, failed, vague);
    }

    /** Words of Envoy's that a log line would have held too. */
    static Scrap telling(String words, String says, AccessLogEntry told, List<String> notes) {
        return new Scrap(words, "Envoy", says, List.of(), told, "", notes, true, false);
    }

    /** The codec's message. */
    static Scrap ofCodec(String message) {
        return new Scrap(
                message,
                "Envoy",
                "Envoy's codec refused a response",
                List.of(),
                NOTHING,
                message,
                List.of(),
                true,
                false);
    }

    /** Recognised words that indicate no failure. */
    static Scrap harmless(String words, String speaker, String says) {
        return new Scrap(words, speaker, says, List.of(), NOTHING, "", List.of(), false, false);
    }

    /** Whether a log line would show it: then its fields say why. */
    public boolean tells() {
        return !told.fields().isEmpty();
    }

    /** The codec's message, where there is one. */
    public Optional<String> refusal() {
        return codec.isEmpty() ? Optional.empty() : Optional.of(codec);
    }
}
