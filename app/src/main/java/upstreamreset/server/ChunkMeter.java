// SPDX-License-Identifier: Apache-2.0
package upstreamreset.server;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import org.xnio.channels.StreamSinkChannel;
import org.xnio.conduits.AbstractStreamSourceConduit;
import org.xnio.conduits.StreamSourceConduit;

/**
 * Measures what a chunked body says besides its data, which the parser keeps until its end: trailer fields (RFC 9112 §7.1.2), and
 * chunk extensions. Charges it to all heads' memory.
 */
final class ChunkMeter {
    private final MemoryBudget memory;
    private boolean on;
    private int bytes;
    private int lines;
    private long charged;

    ChunkMeter(MemoryBudget memory) {
        this.memory = memory;
    }

    /** A chunked body begins; it is to be read through the conduit that this returns. */
    StreamSourceConduit begins(StreamSourceConduit decoded) {
        on = true;
        return new Data(decoded);
    }

    private void dataCame() {
        bytes = 0;
        lines = 0;
        memory.giveBack(charged);
        charged = 0;
    }

    /** The body has ended, or nobody reads it as chunked any more. */
    void ends() {
        dataCame();
        on = false;
    }

    /** Counts bytes as they come from the socket; false where there is more than the {@link Limits} allow without data. */
    boolean add(ByteBuffer dst, int from, int count) {
        if (!on) {
            return true;
        }
        // Those of earlier reads: in this one there may be data.
        long due = Math.max(0, HeadMeter.cost(bytes, lines) - HeadMeter.FREE_HEAD_COST);
        if (lines > Limits.MAX_FIELD_LINES || bytes > Limits.MAX_TRAILER_BYTES || !memory.take(due - charged)) {
            return false;
        }
        charged = due;
        bytes += count;
        for (int i = from; i < from + count; i++) {
            lines += dst.get(i) == '\n' ? 1 : 0;
        }
        return true;
    }

    /** The data of a chunked body. */
    private final class Data extends AbstractStreamSourceConduit<StreamSourceConduit> {
        private Data(StreamSourceConduit next) {
            super(next);
        }

        @Override
        public int read(ByteBuffer dst) throws IOException {
            return (int) came(next.read(dst));
        }

        @Override
        public long read(ByteBuffer[] dsts, int offset, int length) throws IOException {
            return came(next.read(dsts, offset, length));
        }

        @Override
        public long transferTo(long position, long count, FileChannel target) throws IOException {
            return came(next.transferTo(position, count, target));
        }

        @Override
        public long transferTo(long count, ByteBuffer throughBuffer, StreamSinkChannel target) throws IOException {
            return came(next.transferTo(count, throughBuffer, target));
        }

        private long came(long count) {
            if (count > 0) {
                dataCame();
            }
            return count;
        }
    }
}
