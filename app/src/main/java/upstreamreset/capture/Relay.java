// SPDX-License-Identifier: Apache-2.0
package upstreamreset.capture;

import java.util.concurrent.Semaphore;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Tells other listeners, on a thread of its own, what connections carried, in the same order: while the caller reads and
 * puts packets in order, they judge. What they throw is thrown to the caller. After {@link #close} they have been told
 * all, and their results may be read; before that only the other thread touches them.
 */
public final class Relay implements StreamAssembler.Listeners, AutoCloseable {
    /** Enough that a pause of either side does not stop the other. */
    private static final int BATCHES = 4;

    private final StreamAssembler.Listeners listeners;
    private final RelayBatch[] ring =
            Stream.generate(RelayBatch::new).limit(BATCHES).toArray(RelayBatch[]::new);
    private final Semaphore empty = new Semaphore(BATCHES - 1);
    private final Semaphore full = new Semaphore(0);
    private int writing;
    private boolean thrown;
    private volatile boolean done;
    private volatile long held;
    private volatile @Nullable Throwable failure;

    public Relay(StreamAssembler.Listeners listeners) {
        this.listeners = listeners;
        Thread.ofPlatform().daemon().name("relay").start(this::deliver);
    }

    @Override
    public StreamListener opened(int stream, long nanos, boolean fromItsStart, Endpoints endpoints) {
        var relayed = new RelayedStream(this, stream, fromItsStart, endpoints);
        batch(0).add(RelayBatch.Kind.OPENED, relayed, 0, nanos);
        return relayed;
    }

    /** The batch to write to, which has room for one more event with {@code bytes} of data. */
    RelayBatch batch(int bytes) {
        if (!ring[writing].hasRoom(bytes)) {
            handOver();
        }
        return ring[writing];
    }

    private void handOver() {
        full.release();
        empty.acquireUninterruptibly();
        writing = (writing + 1) % BATCHES;
        rethrow();
    }

    /** Once: what is thrown on the way out again would hide it. */
    private void rethrow() {
        var why = thrown ? null : failure;
        thrown = why != null || thrown;
        switch (why) {
            case null -> {}
            case RuntimeException e -> throw e;
            case Error e -> throw e;
            case Throwable e -> throw new IllegalStateException(e);
        }
    }

    @Override
    public void idle() {
        if (!ring[writing].isEmpty()) {
            handOver();
        }
    }

    /** About as much as after the last batch that they have been told. */
    @Override
    public long held() {
        return held;
    }

    @Override
    public void settle() {
        idle();
        empty.acquireUninterruptibly(BATCHES - 1);
        empty.release(BATCHES - 1);
        rethrow();
    }

    private void deliver() {
        for (int reading = 0; ; reading = (reading + 1) % BATCHES) {
            full.acquireUninterruptibly();
            if (done) {
                return;
            }
            tell(ring[reading]);
            empty.release();
        }
    }

    private void tell(RelayBatch batch) {
        try {
            if (failure == null) {
                batch.tell(listeners);
                held = listeners.held();
            }
        } catch (RuntimeException | Error e) {
            failure = e;
        } finally {
            batch.clear();
        }
    }

    @Override
    public void close() {
        try {
            settle();
        } finally {
            done = true;
            full.release();
        }
    }
}
