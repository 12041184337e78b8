// SPDX-License-Identifier: Apache-2.0
package upstreamreset.capture;

import java.util.Optional;

/**
 * How the reading of a capture went.
 *
 * @param packets all that were read
 * @param segments those of them with TCP in them
 * @param connections how many connections they belong to
 * @param givenUp how many of those were given up before their end, to stay within memory
 * @param unknownLink a link type that is not understood, if packets had one
 * @param stopped why reading ended before the file did; empty if it did not
 */
public record CaptureSummary(
        long packets,
        long segments,
        int connections,
        int givenUp,
        Optional<Integer> unknownLink,
        Optional<String> stopped) {}
