// SPDX-License-Identifier: Apache-2.0
package upstreamreset.capture;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Counts packets without a TCP segment by kind; the number of kinds is bounded. */
final class NotTcpCounts {
    /** Of those with a number in their name. */
    private static final int MAX_NUMBERED = 64;

    private final Map<NotTcp, Long> plain = new EnumMap<>(NotTcp.class);
    private final Map<NotTcp, Map<Integer, Long>> numbered = new EnumMap<>(NotTcp.class);
    private int numbers;

    void add(NotTcp kind, long packets) {
        plain.merge(kind, packets, Long::sum);
    }

    /** One of a kind that only its number tells. */
    void addNumbered(NotTcp kind, int number) {
        var ofKind = numbered.computeIfAbsent(kind, _ -> new LinkedHashMap<>());
        if (ofKind.containsKey(number)) {
            ofKind.merge(number, 1L, Long::sum);
        } else if (numbers < MAX_NUMBERED) {
            numbers++;
            ofKind.put(number, 1L);
        } else {
            add(NotTcp.MANY, 1L);
        }
    }

    /** Those that there are, those that may hide HTTP first, the most frequent first. */
    List<PacketKind> kinds() {
        var kinds = new ArrayList<PacketKind>();
        plain.forEach((kind, packets) -> insert(kinds, kind.kind(0, packets)));
        numbered.forEach(
                (kind, ofKind) -> ofKind.forEach((number, packets) -> insert(kinds, kind.kind(number, packets))));
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
