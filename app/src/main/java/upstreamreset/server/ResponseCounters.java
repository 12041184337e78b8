// SPDX-License-Identifier: Apache-2.0
package upstreamreset.server;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.ObjLongConsumer;

/** Counts responses by path and status without the metrics library, which the first scrape loads, not the start. */
final class ResponseCounters {
    /** What a response is counted under. */
    record Label(String path, int status) {}

    private final Map<Label, LongAdder> counts = new ConcurrentHashMap<>();

    void count(String path, int status) {
        counts.computeIfAbsent(new Label(path, status), label -> new LongAdder())
                .increment();
    }

    void forEach(ObjLongConsumer<Label> consumer) {
        counts.forEach((label, count) -> consumer.accept(label, count.sum()));
    }
}
