// SPDX-License-Identifier: Apache-2.0
package upstreamreset.capture;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** How many packets of each kind gave no TCP segment; a bounded number of kinds. */
final class NotTcpCounts {
    /** Of those with a number in their name. */
    private static final int MAX_NUMBERED = 64;

    private final long[] plain = new long[NotTcp.values().length];
    private final Map<Integer, Long> numbered = new LinkedHashMap<>();

    void add(NotTcp kind, long packets) {
        plain[kind.ordinal()] += packets;
    }

    /** One of a kind that only its number tells. */
    void add(NotTcp kind, int number) {
        int key = kind.ordinal() << 16 | number & 0xFFFF;
        if (numbered.containsKey(key) || numbered.size() < MAX_NUMBERED) {
            numbered.merge(key, 1L, Long::sum);
        } else {
            add(NotTcp.MANY, 1L);
        }
    }

    /** Those that there are, those that may hide HTTP first, the most frequent first. */
    List<PacketKind> kinds() {
        var kinds = new ArrayList<PacketKind>();
        var all = NotTcp.values();
        for (int i = 0; i < plain.length; i++) {
            if (plain[i] > 0) {
                insert(kinds, all[i].kind(0, plain[i]));
            }
        }
        for (var entry : numbered.entrySet()) {
            insert(kinds, all[entry.getKey() >>> 16].kind(entry.getKey() & 0xFFFF, entry.getValue()));
        }
        return List.copyOf(kinds);
    }

    private static void insert(List<PacketKind> kinds, PacketKind kind) {
        int at = 0;
        while (at < kinds.size() && !precedes(kind, kinds.get(at))) {
            at++;
        }
        kinds.add(at, kind);
    }

    private static boolean precedes(PacketKind one, PacketKind other) {
        return one.mayHideHttp() != other.mayHideHttp() ? one.mayHideHttp() : one.packets() > other.packets();
    }
}
