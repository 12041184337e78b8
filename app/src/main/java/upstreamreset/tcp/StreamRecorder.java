// SPDX-License-Identifier: Apache-2.0
package upstreamreset.tcp;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;
import upstreamreset.wire.Bytes;

/** Keeps the events of the selected connections: a bounded number of bytes of each, and of all together. */
public final class StreamRecorder implements StreamListener.Factory {
    private static final int MAX_BYTES = 1 << 18;
    private static final int MAX_BYTES_OF_ALL = 1 << 24;

    /** The memory overhead of an event. */
    private static final int EVENT_BYTES = 100;

    private final IntPredicate wanted;
    private final List<StreamEvent> events = new ArrayList<>();
    private int leftOfAll = MAX_BYTES_OF_ALL;

    public StreamRecorder(IntPredicate wanted) {
        this.wanted = wanted;
    }

    /** In the order of the capture. */
    public List<StreamEvent> events() {
        return List.copyOf(events);
    }

    @Override
    public StreamListener opened(int stream, long nanos, boolean fromItsStart, Endpoints endpoints) {
        if (!wanted.test(stream) || leftOfAll <= 0) {
            return StreamListener.NONE;
        }
        leftOfAll -= EVENT_BYTES;
        events.add(new StreamEvent.Opened(stream, time(nanos), endpoints.client(), endpoints.server()));
        return new Recording(stream);
    }

    private static Instant time(long nanos) {
        return Instant.ofEpochSecond(0, nanos);
    }

    private final class Recording implements StreamListener {
        private final int stream;
        private int left = MAX_BYTES;

        Recording(int stream) {
            this.stream = stream;
        }

        @Override
        public void data(Direction direction, byte[] bytes, int offset, int length, Arrival arrival) {
            int taken = Math.min(length, Math.min(left, leftOfAll) - EVENT_BYTES);
            if (taken > 0) {
                left -= EVENT_BYTES + taken;
                leftOfAll -= EVENT_BYTES + taken;
                events.add(
                        new StreamEvent.Data(stream, time(arrival.nanos()), direction, Bytes.of(bytes, offset, taken)));
            }
        }

        @Override
        public void gap(Direction direction, long length, Arrival arrival) {
            if (length > 1) {
                int taken = Math.min(left, leftOfAll);
                if (taken > EVENT_BYTES) {
                    left -= EVENT_BYTES;
                    leftOfAll -= EVENT_BYTES;
                    events.add(new StreamEvent.Gap(stream, time(arrival.nanos()), direction, length));
                }
            }
        }

        @Override
        public void fin(Direction direction, Arrival arrival) {
            events.add(new StreamEvent.Fin(stream, time(arrival.nanos()), direction));
        }

        @Override
        public void reset(Direction direction, Arrival arrival) {
            events.add(new StreamEvent.Reset(stream, time(arrival.nanos()), direction));
        }

        @Override
        public void end() {}
    }
}
