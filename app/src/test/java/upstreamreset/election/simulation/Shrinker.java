// SPDX-License-Identifier: Apache-2.0
package upstreamreset.election.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** Deletes steps of a failing schedule for as long as it still fails. */
final class Shrinker {
    private Shrinker() {}

    static <T> List<T> shrink(List<T> failing, Predicate<List<T>> fails) {
        var shortest = List.copyOf(failing);
        for (int size = Math.max(1, shortest.size() / 2); size >= 1; size /= 2) {
            int from = 0;
            while (from < shortest.size()) {
                var shorter = new ArrayList<>(shortest);
                shorter.subList(from, Math.min(from + size, shorter.size())).clear();
                if (fails.test(shorter)) {
                    shortest = List.copyOf(shorter);
                } else {
                    from += size;
                }
            }
        }
        return shortest;
    }
}
