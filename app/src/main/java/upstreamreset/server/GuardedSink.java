// SPDX-License-Identifier: Apache-2.0
package upstreamreset.server;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import org.xnio.channels.StreamSourceChannel;
import org.xnio.conduits.AbstractStreamSinkConduit;
import org.xnio.conduits.StreamSinkConduit;

/** Passes bytes on to the socket, and tells the connection's guard of them. */
final class GuardedSink extends AbstractStreamSinkConduit<StreamSinkConduit> {
    private final ConnectionGuard guard;

    GuardedSink(StreamSinkConduit next, ConnectionGuard guard) {
        super(next);
        this.guard = guard;
    }

    @Override
    public int write(ByteBuffer src) throws IOException {
        try {
            return (int) taken(src.hasRemaining(), next.write(src));
        } catch (OutOfMemoryError e) {
            throw OutOfMemory.end(e);
        }
    }

    @Override
    public long write(ByteBuffer[] srcs, int offset, int length) throws IOException {
        try {
            return taken(true, next.write(srcs, offset, length));
        } catch (OutOfMemoryError e) {
            throw OutOfMemory.end(e);
        }
    }

    @Override
    public int writeFinal(ByteBuffer src) throws IOException {
        return (int) taken(src.hasRemaining(), next.writeFinal(src));
    }

    @Override
    public long writeFinal(ByteBuffer[] srcs, int offset, int length) throws IOException {
        return taken(true, next.writeFinal(srcs, offset, length));
    }

    @Override
    public long transferFrom(FileChannel src, long position, long count) throws IOException {
        return taken(count > 0, next.transferFrom(src, position, count));
    }

    @Override
    public long transferFrom(StreamSourceChannel source, long count, ByteBuffer throughBuffer) throws IOException {
        return taken(count > 0, next.transferFrom(source, count, throughBuffer));
    }

    private long taken(boolean some, long count) {
        guard.wrote(some, count);
        return count;
    }
}
