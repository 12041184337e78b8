// SPDX-License-Identifier: Apache-2.0
package upstreamreset.tcp;

import java.util.Arrays;

/**
 * Passes everything on, counts bytes missing from the capture, and remembers the capture's frames of the server's
 * latest bytes: a bounded number of pieces per connection.
 */
public final class StreamQuality {
    private static final int FIRST_PIECES = 2;
    private static final int MAX_PIECES = 512;

    private StreamListener current = StreamListener.NONE;
    private long gaps;
    private long lost;
    private int oneSided;
    private int begunInMidStream;

    /**
     * What is not in the capture.
     *
     * @param gaps holes in what one side sent
     * @param lost how many bytes they have, as far as that is known
     * @param oneSided connections of which the capture has the bytes of one side alone
     * @param begunInMidStream connections of which it lacks the beginning
     */
    public record Counts(long gaps, long lost, int oneSided, int begunInMidStream) {}

    public Counts counts() {
        return new Counts(gaps, lost, oneSided, begunInMidStream);
    }

    /**
     * Wireshark's number of the frame that has the byte at {@code offset} of what the server sent, on the connection of which
     * something is told right now; 0 if that is not known.
     */
    public long frame(long offset) {
        return current instanceof Watched watched ? watched.frame(offset) : 0;
    }

    /** The input of {@code factory}'s listeners goes through this one. */
    public StreamListener.Factory of(StreamListener.Factory factory) {
        return (stream, nanos, fromItsStart, endpoints) -> {
            begunInMidStream += fromItsStart ? 0 : 1;
            return new Watched(factory.opened(stream, nanos, fromItsStart, endpoints));
        };
    }

    private final class Watched implements StreamListener {
        private final StreamListener listener;
        private long[] offsets = new long[FIRST_PIECES];
        private long[] frames = new long[FIRST_PIECES];
        private int pieces;
        private boolean clientSent;
        private boolean serverSent;

        Watched(StreamListener listener) {
            this.listener = listener;
        }

        long frame(long offset) {
            for (int back = 1; back <= Math.min(pieces, frames.length); back++) {
                int at = (pieces - back) % frames.length;
                if (offsets[at] <= offset) {
                    return frames[at];
                }
            }
            return 0;
        }

        private void piece(Arrival arrival) {
            if (pieces == frames.length && pieces < MAX_PIECES) {
                offsets = Arrays.copyOf(offsets, 2 * pieces);
                frames = Arrays.copyOf(frames, 2 * pieces);
            }
            offsets[pieces % frames.length] = arrival.offset();
            frames[pieces % frames.length] = arrival.frame();
            pieces = pieces == Integer.MAX_VALUE ? MAX_PIECES : pieces + 1;
        }

        @Override
        public void data(Direction direction, byte[] bytes, int offset, int length, Arrival arrival) {
            current = this;
            if (direction == Direction.TO_CLIENT) {
                serverSent = true;
                piece(arrival);
            } else {
                clientSent = true;
            }
            listener.data(direction, bytes, offset, length, arrival);
        }

        @Override
        public void again(Direction direction, byte[] bytes, int offset, int length, Arrival arrival) {
            current = this;
            listener.again(direction, bytes, offset, length, arrival);
        }

        @Override
        public void gap(Direction direction, long length, Arrival arrival) {
            current = this;
            // One byte is a FIN that was not captured; 0 is a side of which nothing was.
            if (length > 1) {
                gaps++;
                lost += length;
            }
            listener.gap(direction, length, arrival);
        }

        @Override
        public void fin(Direction direction, Arrival arrival) {
            current = this;
            listener.fin(direction, arrival);
        }

        @Override
        public void reset(Direction direction, Arrival arrival) {
            current = this;
            listener.reset(direction, arrival);
        }

        @Override
        public void quiet() {
            current = this;
            listener.quiet();
        }

        @Override
        public void end() {
            current = this;
            oneSided += serverSent && !clientSent ? 1 : 0;
            listener.end();
        }

        @Override
        public void replaced() {
            current = this;
            listener.replaced();
        }

        @Override
        public void givenUp() {
            current = this;
            listener.givenUp();
        }

        @Override
        public long held() {
            return 16L * frames.length + listener.held();
        }
    }
}
