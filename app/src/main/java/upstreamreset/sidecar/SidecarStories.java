// SPDX-License-Identifier: Apache-2.0
package upstreamreset.sidecar;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import upstreamreset.page.Story;

/**
 * Keeps a bounded number of requests for the page of a run: beyond the bound, requests without a fault go first, then new
 * ones. Any thread may use it.
 */
public final class SidecarStories {
    static final int MAX_REQUESTS = 200;
    private static final long MAX_BYTES = 32L << 20;

    private final Map<String, Entry> kept = new LinkedHashMap<>();
    private long bytes;
    private int seen;

    /** One request: its line at each sidecar, the client's first. */
    private record Entry(List<PassedRequest> hops, Optional<AskedRequest> asked) {
        Entry {
            hops = List.copyOf(hops);
        }

        static Entry of(PassedRequest request) {
            return new Entry(List.of(request), Optional.empty());
        }

        /** Whether {@code request} can be the other sidecar's line of the same request. */
        boolean lacks(PassedRequest request) {
            return hops.size() == 1 && hops.getFirst().atClient() != request.atClient();
        }

        /** The same with another line of the same request. */
        Entry with(PassedRequest request) {
            var all = new ArrayList<>(hops);
            all.add(request.atClient() ? 0 : all.size(), request);
            return new Entry(all, asked);
        }

        boolean wrong() {
            return asked.map(AskedRequest::wrong).orElse(false) || hops.stream().anyMatch(PassedRequest::wrong);
        }

        long bytes() {
            return hops.stream().mapToLong(each -> each.sent().length()).sum()
                    + asked.map(each -> (long) each.client().body().length()).orElse(0L);
        }
    }

    /** Takes a request as a sidecar logged it; the line of the other sidecar has the same request id. */
    public synchronized void add(PassedRequest request) {
        var id = request.id().isEmpty() ? "#" + seen : request.id();
        var before = kept.get(id);
        if (before != null && before.lacks(request)) {
            put(id, before.with(request), true);
        } else {
            put(before == null ? id : id + "#" + seen, Entry.of(request), false);
        }
    }

    /** Takes a request of our own. */
    public synchronized void add(AskedRequest request) {
        put("#" + seen, new Entry(request.passed(), Optional.of(request)), false);
    }

    private void put(String id, Entry entry, boolean joins) {
        if (!joins) {
            seen++;
        }
        var replaced = kept.put(id, entry);
        bytes += entry.bytes() - (replaced == null ? 0 : replaced.bytes());
        while (kept.size() > 1 && (kept.size() > MAX_REQUESTS || bytes > MAX_BYTES)) {
            var gone = kept.remove(dispensable());
            bytes -= gone == null ? 0 : gone.bytes();
        }
    }

    /** The eldest request without a fault, or the newest. */
    private String dispensable() {
        var last = "";
        for (var each : kept.entrySet()) {
            if (!each.getValue().wrong()) {
                return each.getKey();
            }
            last = each.getKey();
        }
        return last;
    }

    /** The kept requests, those with a fault first, each group in the order of the log. */
    public synchronized List<Story> stories() {
        var stories = new ArrayList<Story>();
        for (boolean wrong : new boolean[] {true, false}) {
            for (var each : kept.values()) {
                if (each.wrong() == wrong) {
                    stories.add(SidecarStory.of(each.hops(), each.asked()));
                }
            }
        }
        return stories;
    }

    /** How many requests are not kept. */
    public synchronized int omitted() {
        return seen - kept.size();
    }
}
