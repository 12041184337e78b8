// SPDX-License-Identifier: Apache-2.0
package upstreamreset.election.simulation;

import java.util.PriorityQueue;

/** Simulated time: runs what is due, in order, and nothing else moves the clock. */
final class EventQueue {
    private record Item(long at, long order, Runnable what) implements Comparable<Item> {
        @Override
        public int compareTo(Item other) {
            return at != other.at ? Long.compare(at, other.at) : Long.compare(order, other.order);
        }
    }

    private final PriorityQueue<Item> items = new PriorityQueue<>();
    private long now;
    private long order;

    /** Nanoseconds since the simulation began. */
    long now() {
        return now;
    }

    void at(long time, Runnable what) {
        items.add(new Item(Math.max(time, now), order++, what));
    }

    void after(long delay, Runnable what) {
        at(now + delay, what);
    }

    void runUntil(long end) {
        while (!items.isEmpty() && items.peek().at() <= end) {
            var item = items.poll();
            now = item.at();
            item.what().run();
        }
        now = end;
    }
}
