// SPDX-License-Identifier: Apache-2.0
package upstreamreset.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import upstreamreset.capture.CaptureFiles;

class StreamRecorderTest {
    private static final Endpoints ENDS = Endpoints.of(CaptureFiles.CLIENT, CaptureFiles.SERVER);

    private final StreamRecorder recorder = new StreamRecorder(stream -> stream % 2 == 0);

    @Test
    void onlyTheWantedAreKept() {
        for (int stream = 0; stream < 4; stream++) {
            var listener = recorder.opened(stream, 0, true, ENDS);
            listener.data(Direction.TO_SERVER, new byte[10], 0, 10, Arrival.at(1));
            listener.fin(Direction.TO_SERVER, Arrival.at(2));
            listener.reset(Direction.TO_CLIENT, Arrival.at(3));
        }
        assertThat(recorder.events()).extracting(StreamEvent::stream).containsExactly(0, 0, 0, 0, 2, 2, 2, 2);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 100_000})
    void ofEachAndOfAllTogetherABoundedNumberOfBytesIsKept(int segment) {
        var listener = recorder.opened(0, 0, true, ENDS);
        for (int i = 0; i < 5_000; i++) {
            listener.data(Direction.TO_CLIENT, new byte[segment], 0, segment, Arrival.at(1));
        }
        int one = recorder.events().size();
        assertThat(kept() + 100L * one).isBetween((1L << 18) - 100, (1L << 18) + 100);
        for (int stream = 2; stream < 400; stream += 2) {
            recorder.opened(stream, 0, true, ENDS)
                    .data(Direction.TO_CLIENT, new byte[1 << 18], 0, 1 << 18, Arrival.at(1));
        }
        assertThat(kept() + 100L * recorder.events().size()).isBetween((1L << 24) - 200, (1L << 24) + 200);
    }

    @Test
    void aGapIsKeptAtItsPlace() {
        var listener = recorder.opened(0, 0, true, ENDS);
        listener.data(Direction.TO_CLIENT, new byte[10], 0, 10, Arrival.at(1));
        listener.gap(Direction.TO_CLIENT, 9, Arrival.at(1));
        listener.data(Direction.TO_CLIENT, new byte[10], 0, 10, Arrival.at(1));
        assertThat(kept()).isEqualTo(20);
        assertThat(recorder.events().get(2))
                .isInstanceOfSatisfying(
                        StreamEvent.Gap.class, gap -> assertThat(gap.length()).isEqualTo(9));
    }

    private long kept() {
        return recorder.events().stream()
                .mapToLong(event ->
                        event instanceof StreamEvent.Data data ? data.bytes().length() : 0)
                .sum();
    }
}
