// SPDX-License-Identifier: Apache-2.0
package upstreamreset.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import upstreamreset.capture.CaptureFiles;

class StreamRecorderTest {
    private static final Endpoints ENDS = Endpoints.of(CaptureFiles.CLIENT, CaptureFiles.SERVER);

    private final StreamRecorder recorder = new StreamRecorder(stream -> stream % 2 == 0);

    @Test
    void onlyTheFirst500OfTheWantedAreKept() {
        for (int stream = 0; stream < 1_200; stream++) {
            var listener = recorder.opened(stream, 0, true, ENDS);
            listener.data(Direction.TO_SERVER, new byte[10], 0, 10, 1);
            listener.fin(Direction.TO_SERVER, 2);
            listener.reset(Direction.TO_CLIENT, 3);
        }
        assertThat(recorder.events()).hasSize(500 * 4);
        assertThat(recorder.events().getLast().stream()).isEqualTo(998);
    }

    @Test
    void ofEachAndOfAllTogetherABoundedNumberOfBytesIsKept() {
        var listener = recorder.opened(0, 0, true, ENDS);
        for (int i = 0; i < 3; i++) {
            listener.data(Direction.TO_CLIENT, new byte[100_000], 0, 100_000, 1);
        }
        assertThat(kept()).isEqualTo(1 << 18);
        for (int stream = 2; stream < 400; stream += 2) {
            recorder.opened(stream, 0, true, ENDS).data(Direction.TO_CLIENT, new byte[1 << 18], 0, 1 << 18, 1);
        }
        assertThat(kept()).isEqualTo(1 << 24);
    }

    @Test
    void whatFollowsAGapIsNotKept() {
        var listener = recorder.opened(0, 0, true, ENDS);
        listener.data(Direction.TO_CLIENT, new byte[10], 0, 10, 1);
        listener.gap(Direction.TO_CLIENT, 9, 1);
        listener.data(Direction.TO_CLIENT, new byte[10], 0, 10, 1);
        assertThat(kept()).isEqualTo(10);
    }

    private long kept() {
        return recorder.events().stream()
                .mapToLong(event ->
                        event instanceof StreamEvent.Data data ? data.bytes().length() : 0)
                .sum();
    }
}
