// SPDX-License-Identifier: Apache-2.0
package upstreamreset.inspect;

import java.util.HashMap;
import java.util.Map;
import java.util.function.LongUnaryOperator;

/** Remembers the frames of the findings in responses. */
public final class FindingFrames implements StreamPage.Frames {
    private final Map<String, Long> frames = new HashMap<>();

    /** {@code frame} tells the frame of an offset in what this response's server sent, now. */
    public void remember(InspectedResponse response, LongUnaryOperator frame) {
        for (var finding : response.judged().findings()) {
            frames.put(key(response.stream(), finding.offset()), frame.applyAsLong(finding.offset()));
        }
    }

    @Override
    public long frame(int stream, long offset) {
        return frames.getOrDefault(key(stream, offset), 0L);
    }

    private static String key(int stream, long offset) {
        return stream + " " + offset;
    }
}
