// SPDX-License-Identifier: Apache-2.0
package upstreamreset.tcp;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;
import upstreamreset.wire.Bytes;

/** Keeps the events of the connections that are wanted, of each as many bytes as a person follows. */
public final class StreamRecorder implements StreamAssembler.Listeners {
    private static final int MAX_BYTES = 1 << 18;
    private static final long MAX_TOTAL_BYTES = 1 << 24;
    private static final int MAX_STREAMS = 500;

    private final IntPredicate wanted;
    private final List<StreamEvent> events = new ArrayList<>();
    private int streams;
    private long leftOfAll = MAX_TOTAL_BYTES;

    public StreamRecorder(IntPredicate wanted) {
        this.wanted = wanted;
    }

    /** In the order of the capture. */
    public List<StreamEvent> events() {
        return List.copyOf(events);
    }

    @Override
    public StreamListener opened(int stream, long nanos, boolean fromItsStart, Endpoints endpoints) {
        if (!wanted.test(stream) || streams++ >= MAX_STREAMS) {
            return new Recording(stream, 0);
        }
        events.add(new StreamEvent.Opened(stream, time(nanos), endpoints.client(), endpoints.server()));
        return new Recording(stream, MAX_BYTES);
    }

    private static Instant time(long nanos) {
        return Instant.ofEpochSecond(Math.floorDiv(nanos, 1_000_000_000L), Math.floorMod(nanos, 1_000_000_000L));
    }

    private final class Recording implements StreamListener {
        private final int stream;
        private final boolean kept;
        private int left;

        Recording(int stream, int most) {
            this.stream = stream;
            this.kept = most > 0;
            this.left = most;
        }

        @Override
        public void data(Direction direction, byte[] bytes, int offset, int length, long nanos) {
            int taken = (int) Math.min(Math.min(length, left), leftOfAll);
            if (taken > 0) {
                left -= taken;
                leftOfAll -= taken;
                events.add(new StreamEvent.Data(stream, time(nanos), direction, Bytes.of(bytes, offset, taken)));
            }
        }

        @Override
        public void gap(Direction direction, long length, long nanos) {
            if (length > 1) {
                left = 0; // what follows could not be shown at its place
            }
        }

        @Override
        public void fin(Direction direction, long nanos) {
            if (kept) {
                events.add(new StreamEvent.Fin(stream, time(nanos), direction));
            }
        }

        @Override
        public void reset(Direction direction, long nanos) {
            if (kept) {
                events.add(new StreamEvent.Reset(stream, time(nanos), direction));
            }
        }

        @Override
        public void end() {}
    }
}
