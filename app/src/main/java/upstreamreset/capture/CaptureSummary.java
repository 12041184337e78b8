// SPDX-License-Identifier: Apache-2.0
package upstreamreset.capture;

import java.util.List;
import java.util.Optional;

/**
 * The outcome of reading a capture.
 *
 * @param packets all that were read
 * @param segments those of them with TCP in them, also as a fragment
 * @param connections the number of their connections
 * @param givenUp how many of those were dropped before their end, because of the memory limit
 * @param cut segments of which the capture lacks bytes that were sent (snaplen)
 * @param others the packets without TCP by kind: what may hide HTTP first, then the most frequent first
 * @param stopped why reading ended before the file did; empty if it did not
 */
public record CaptureSummary(
        long packets,
        long segments,
        int connections,
        int givenUp,
        long cut,
        List<PacketKind> others,
        Optional<String> stopped) {
    public CaptureSummary {
        others = List.copyOf(others);
    }
}
