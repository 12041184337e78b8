// SPDX-License-Identifier: Apache-2.0
package upstreamreset.capture;

import java.util.Arrays;

/** Events of any connections in their order, with a copy of their data: written by one thread, then told by another. */
final class RelayBatch {
    private static final int EVENTS = 1 << 12;
    private static final int BYTES = 1 << 18;

    /** What happened; {@code TO_SERVER} and {@code TO_CLIENT} are data. */
    enum Kind {
        OPENED,
        TO_SERVER,
        TO_CLIENT,
        GAP_TO_SERVER,
        GAP_TO_CLIENT,
        FIN_TO_SERVER,
        FIN_TO_CLIENT,
        RESET_TO_SERVER,
        RESET_TO_CLIENT,
        GIVEN_UP,
        END
    }

    private final Kind[] kinds = new Kind[EVENTS];
    private final RelayedStream[] streams = new RelayedStream[EVENTS];
    private final long[] lengths = new long[EVENTS];
    private final long[] times = new long[EVENTS];
    private byte[] bytes = new byte[BYTES];
    private int events;
    private int used;

    boolean isEmpty() {
        return events == 0;
    }

    boolean hasRoom(int length) {
        return events < EVENTS && used + length <= bytes.length;
    }

    void add(Kind kind, RelayedStream stream, long length, long nanos) {
        kinds[events] = kind;
        streams[events] = stream;
        lengths[events] = length;
        times[events] = nanos;
        events++;
    }

    /** An empty batch takes any length. */
    void data(Kind kind, RelayedStream stream, byte[] source, int offset, int length, long nanos) {
        if (used + length > bytes.length) {
            bytes = new byte[length];
        }
        System.arraycopy(source, offset, bytes, used, length);
        used += length;
        add(kind, stream, length, nanos);
    }

    void tell(StreamAssembler.Listeners listeners) {
        int at = 0;
        for (int i = 0; i < events; i++) {
            var stream = streams[i];
            long length = lengths[i];
            long nanos = times[i];
            switch (kinds[i]) {
                case OPENED -> stream.open(listeners, nanos);
                case TO_SERVER -> {
                    stream.listener().data(Direction.TO_SERVER, bytes, at, (int) length, nanos);
                    at += (int) length;
                }
                case TO_CLIENT -> {
                    stream.listener().data(Direction.TO_CLIENT, bytes, at, (int) length, nanos);
                    at += (int) length;
                }
                case GAP_TO_SERVER -> stream.listener().gap(Direction.TO_SERVER, length, nanos);
                case GAP_TO_CLIENT -> stream.listener().gap(Direction.TO_CLIENT, length, nanos);
                case FIN_TO_SERVER -> stream.listener().fin(Direction.TO_SERVER, nanos);
                case FIN_TO_CLIENT -> stream.listener().fin(Direction.TO_CLIENT, nanos);
                case RESET_TO_SERVER -> stream.listener().reset(Direction.TO_SERVER, nanos);
                case RESET_TO_CLIENT -> stream.listener().reset(Direction.TO_CLIENT, nanos);
                case GIVEN_UP -> stream.listener().givenUp();
                case END -> stream.listener().end();
            }
        }
    }

    /** Keeps no connection alive that is over. */
    void clear() {
        Arrays.fill(streams, 0, events, null);
        events = 0;
        used = 0;
    }
}
