// SPDX-License-Identifier: Apache-2.0
package upstreamreset.output;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/** Decides which names a person may have meant who typed one that there is not. */
public final class Nearest {
    /** Longer than every name of ours, and short enough for a distance to each. */
    private static final int MAX_TYPED_LENGTH = 64;

    private static final int MAX_NAMES = 3;

    private Nearest() {}

    /** Up to three of {@code names}, the nearest first; none for a longer text than any name. */
    public static List<String> of(String typed, Collection<String> names) {
        if (typed.length() > MAX_TYPED_LENGTH) {
            return List.of();
        }
        return names.stream()
                .filter(name -> edits(typed, name) <= Math.max(2, typed.length() / 3)
                        || (typed.length() > 2 && name.contains(typed)))
                .sorted(Comparator.comparingInt(name -> edits(typed, name)))
                .limit(MAX_NAMES)
                .toList();
    }

    /** Edit distance (Levenshtein). */
    private static int edits(String a, String b) {
        var row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int change = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(change, Math.min(row[j], row[j - 1]) + 1);
            }
        }
        return row[b.length()];
    }
}
