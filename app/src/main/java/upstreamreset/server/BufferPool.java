// SPDX-License-Identifier: Apache-2.0
package upstreamreset.server;

import io.undertow.connector.ByteBufferPool;
import io.undertow.connector.PooledByteBuffer;
import io.undertow.server.DefaultByteBufferPool;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Undertow's buffers: pooled and direct up to a number that fits {@code MaxDirectMemorySize}; further ones are small
 * and on the heap. A client that does not read, or has sent half of its next request, holds one.
 */
final class BufferPool implements ByteBufferPool {
    private static final int BYTES = 4 * 1024;
    private static final int SMALL_BYTES = 1024;
    private static final int MAX_DIRECT = 4_000;
    private static final int MAX_KEPT = 256;

    private final DefaultByteBufferPool direct = new DefaultByteBufferPool(true, BYTES, MAX_KEPT, 4);
    private final AtomicInteger taken = new AtomicInteger();

    @Override
    public PooledByteBuffer allocate() {
        try {
            if (taken.incrementAndGet() <= MAX_DIRECT) {
                return new Counted(direct.allocate());
            }
            return new Counted(new Small(ByteBuffer.allocate(SMALL_BYTES)));
        } catch (OutOfMemoryError e) {
            throw OutOfMemory.end(e);
        }
    }

    @Override
    public ByteBufferPool getArrayBackedPool() {
        return direct.getArrayBackedPool();
    }

    @Override
    public void close() {
        direct.close();
    }

    @Override
    public int getBufferSize() {
        return BYTES;
    }

    @Override
    public boolean isDirect() {
        return true;
    }

    private final class Counted implements PooledByteBuffer {
        private final PooledByteBuffer buffer;

        private Counted(PooledByteBuffer buffer) {
            this.buffer = buffer;
        }

        @Override
        public ByteBuffer getBuffer() {
            return buffer.getBuffer();
        }

        @Override
        public void close() {
            if (buffer.isOpen()) {
                taken.decrementAndGet();
                buffer.close();
            }
        }

        @Override
        public boolean isOpen() {
            return buffer.isOpen();
        }
    }

    private static final class Small implements PooledByteBuffer {
        private final ByteBuffer buffer;
        private boolean open = true;

        private Small(ByteBuffer buffer) {
            this.buffer = buffer;
        }

        @Override
        public ByteBuffer getBuffer() {
            return buffer;
        }

        @Override
        public void close() {
            open = false;
        }

        @Override
        public boolean isOpen() {
            return open;
        }
    }
}
