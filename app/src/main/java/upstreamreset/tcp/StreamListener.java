// SPDX-License-Identifier: Apache-2.0
package upstreamreset.tcp;

/**
 * Receives the bytes of one connection, each direction in the order in which it was sent. An {@link Arrival} is valid
 * only during the call.
 */
public interface StreamListener {
    /** {@code bytes} holds the data only during the call. */
    void data(Direction direction, byte[] bytes, int offset, int length, Arrival arrival);

    /** These bytes were reported before and sent again, perhaps with different content. */
    default void again(Direction direction, byte[] bytes, int offset, int length, Arrival arrival) {}

    /** {@code length} bytes are not in the capture, although they were sent; 0 if their number is unknown. */
    void gap(Direction direction, long length, Arrival arrival);

    /** The sender of {@code direction} closed it in good order. */
    void fin(Direction direction, Arrival arrival);

    /** The sender of {@code direction} tore the connection down. */
    void reset(Direction direction, Arrival arrival);

    /** Nothing has come for a while, but more may: complete items need not wait. */
    default void quiet() {}

    /** Nothing more will come: the connection is over, or the capture is. */
    void end();

    /** More may come, but will not be reported: memory ran short. */
    default void givenUp() {
        end();
    }

    /** Only connection attempts came: the new packets belong to another connection, which takes over the number. */
    default void replaced() {
        end();
    }

    /** About how much memory it takes, in bytes. */
    default long held() {
        return 0;
    }

    /** Makes the listener of a connection when its first packet is seen. */
    interface Factory {
        StreamListener opened(int stream, long nanos, boolean fromItsStart, Endpoints endpoints);
    }

    /** For a connection of which nothing more is wanted. */
    StreamListener NONE = new StreamListener() {
        @Override
        public void data(Direction direction, byte[] bytes, int offset, int length, Arrival arrival) {}

        @Override
        public void gap(Direction direction, long length, Arrival arrival) {}

        @Override
        public void fin(Direction direction, Arrival arrival) {}

        @Override
        public void reset(Direction direction, Arrival arrival) {}

        @Override
        public void end() {}
    };
}
