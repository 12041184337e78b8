// SPDX-License-Identifier: Apache-2.0
package upstreamreset.scrap;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import upstreamreset.wire.Bytes;

/**
 * The sentences of proxies and clients that {@code sayings.txt} lists, found in a line in one pass over its words; of
 * several, the longest decides; one marked as weak decides only if it is alone.
 */
final class Sayings {
    private static final Pattern OR = Pattern.compile(" \\|\\| ");

    /** Any text is allowed there. */
    private static final String GAP = "…";

    /** Before the causes of a sentence that any other beats. */
    private static final String WEAK = "~";

    private static final int WEAK_LENGTH = 1;

    /** The end of a quoted text. */
    private static final Pattern QUOTING = Pattern.compile("[\"'`}\\])>,;\\\\]{1,8}$");

    private static final int MIN_WORD = 3;
    private static final int MAX_LINE = 8 * 1024;

    /** One sentence; {@code parts} follow each other in the line. */
    private record Saying(List<String> parts, int length, String speaker, Meaning meaning) {
        boolean isWeak() {
            return length == WEAK_LENGTH;
        }

        /** Its position in {@code line}, in lower case; -1 if it is not there. */
        int begin(String line) {
            int begin = line.indexOf(parts.getFirst());
            int at = begin < 0 ? -1 : begin + parts.getFirst().length();
            for (int i = 1; i < parts.size() && at >= 0; i++) {
                int next = line.indexOf(parts.get(i), at);
                at = next < 0 ? -1 : next + parts.get(i).length();
            }
            return at < 0 ? -1 : begin;
        }
    }

    /** The sentences by a word that none of them is without. */
    private static final Map<String, List<Saying>> BY_WORD = load();

    /** The match in a line, and the length of its sentence. */
    record Found(Scrap scrap, int length) {}

    private Sayings() {}

    static Optional<Found> find(String line) {
        var text = (line.length() > MAX_LINE ? line.substring(0, MAX_LINE) : line).toLowerCase(Locale.ROOT);
        @Nullable Saying best = null;
        int from = 0;
        int word = 0;
        for (int i = 0; i <= text.length(); i++) {
            if (i < text.length() && isWord(text.charAt(i))) {
                continue;
            }
            if (i - word >= MIN_WORD) {
                for (var saying : BY_WORD.getOrDefault(text.substring(word, i), List.of())) {
                    int begin = best != null && best.length >= saying.length ? -1 : saying.begin(text);
                    if (begin >= 0) {
                        best = saying;
                        from = begin;
                    }
                }
            }
            word = i + 1;
        }
        if (best == null) {
            return Optional.empty();
        }
        var words = QUOTING.matcher(line.substring(from).strip()).replaceFirst("");
        var meaning = best.meaning;
        var scrap = meaning.causes().isEmpty()
                ? Scrap.harmless(words, best.speaker, meaning.says())
                : Scrap.naming(words, best.speaker, meaning.says(), meaning.causes());
        return Optional.of(new Found(best.isWeak() ? scrap.madeVague() : scrap, best.length));
    }

    /** The ids of all causes that they name. */
    static List<String> causes() {
        return Meaning.causes(BY_WORD.values().stream()
                .flatMap(List::stream)
                .map(Saying::meaning)
                .toList());
    }

    private static boolean isWord(char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
    }

    private static Map<String, List<Saying>> load() {
        var text = Bytes.ofResource(Sayings.class, "sayings.txt").utf8();
        var lines = text.lines()
                .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                .toList();
        var byWord = new HashMap<String, List<Saying>>();
        var speaker = "";
        for (int i = 0; i < lines.size(); ) {
            var line = lines.get(i);
            if (line.startsWith("[")) {
                speaker = line.substring(1, line.length() - 1);
                i++;
                continue;
            }
            var ids = lines.get(i + 1).strip();
            boolean weak = ids.startsWith(WEAK);
            var causes = Meaning.ids(weak ? ids.substring(WEAK.length()) : ids);
            var meaning = new Meaning(causes, lines.get(i + 2).strip());
            for (var sentence : OR.split(line, -1)) {
                var small = sentence.toLowerCase(Locale.ROOT);
                var parts = List.of(small.split(GAP, -1));
                var saying = new Saying(parts, weak ? WEAK_LENGTH : small.length(), speaker, meaning);
                byWord.computeIfAbsent(longestWord(small), _ -> new ArrayList<>())
                        .add(saying);
            }
            i += 3;
        }
        return byWord;
    }

    private static String longestWord(String sentence) {
        var longest = "";
        int word = 0;
        for (int i = 0; i <= sentence.length(); i++) {
            if (i < sentence.length() && isWord(sentence.charAt(i))) {
                continue;
            }
            if (i - word > longest.length()) {
                longest = sentence.substring(word, i);
            }
            word = i + 1;
        }
        if (longest.length() < MIN_WORD) {
            throw new IllegalStateException("no word to find it by: " + sentence);
        }
        return longest;
    }
}
