// SPDX-License-Identifier: Apache-2.0
package upstreamreset.site;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import upstreamreset.wire.Bytes;

/** The last responses of this app, at most {@link #MAX_KEPT}: only its own bytes, nothing of a request. */
public final class RecentAnswers {
    public static final int MAX_KEPT = 50;

    /** Bytes of an answer that are shown. */
    private static final int MAX_BYTES = 2_048;

    private final boolean shown;
    private final ArrayDeque<Answer> kept = new ArrayDeque<>();
    private long last;

    /** @param shown whether anybody can see them; else none is kept */
    public RecentAnswers(boolean shown) {
        this.shown = shown;
    }

    /**
     * One answer.
     *
     * @param number counts from 1
     * @param bytes how many the kernel took
     * @param parts what was to be sent; those of the catalogue, which are there anyway, or as short
     * @param end how it ended
     */
    public record Answer(long number, Instant at, String scenario, long bytes, List<Bytes> parts, String end) {
        /** The bytes that are shown, a copy. */
        Bytes shown() {
            var shown = new ArrayList<Bytes>();
            long left = Math.min(bytes, MAX_BYTES);
            for (var part : parts) {
                if (left > 0) {
                    int taken = (int) Math.min(left, part.length());
                    shown.add(Bytes.of(part.buffer(), taken));
                    left -= taken;
                }
            }
            return Bytes.concat(shown);
        }
    }

    /** Keeps one more, and drops the oldest; cheap, since it is called for every stream's end. */
    public void add(String scenario, long bytes, List<Bytes> parts, String end) {
        if (shown) {
            keep(scenario, bytes, parts, end);
        }
    }

    private synchronized void keep(String scenario, long bytes, List<Bytes> parts, String end) {
        if (kept.size() == MAX_KEPT) {
            kept.removeFirst();
        }
        kept.add(new Answer(++last, Instant.now(), scenario, bytes, List.copyOf(parts), end));
    }

    /** The number of the last one; 0 before the first. */
    public synchronized long last() {
        return last;
    }

    /** Those that are kept of the answers behind {@code number}, the oldest first, at most {@code most} of the newest. */
    public synchronized List<Answer> after(long number, int most) {
        return kept.stream()
                .filter(each -> each.number() > Math.max(number, last - most))
                .toList();
    }
}
