// SPDX-License-Identifier: Apache-2.0
package upstreamreset.server;

import org.xnio.conduits.ReadReadyHandler;

/**
 * What one connection may do before the others of its IO thread are served: timers run, and the selector looks, between two
 * turns only. A turn begins where the selector finds bytes to read.
 */
final class Turn {
    /** Beyond these the reader is told that nothing has come yet; the selector finds the rest at once. */
    static final int MAX_BYTES = 16 * 1024;

    /** Of requests that have come together; the next one waits for {@link #PAUSE_MILLIS}. */
    private static final int MAX_REQUESTS = 4;

    /** Only a timer comes behind those that are due: XNIO runs a task of its queue before all of them. */
    static final long PAUSE_MILLIS = 1;

    private long bytes;
    private int requests;

    void begins() {
        bytes = 0;
        requests = 0;
    }

    /** How many bytes may be read in this turn still. */
    long room() {
        return Math.max(0, MAX_BYTES - bytes);
    }

    void read(long count) {
        bytes += Math.max(0, count);
    }

    /** Counts a request that is whole; whether it must wait for the next turn. */
    boolean isOverForRequest() {
        requests++;
        return requests > MAX_REQUESTS;
    }

    /** Begins a turn before {@code handler} reads. */
    ReadReadyHandler before(ReadReadyHandler handler) {
        return new ReadReadyHandler() {
            @Override
            public void readReady() {
                begins();
                handler.readReady();
            }

            @Override
            public void forceTermination() {
                handler.forceTermination();
            }

            @Override
            public void terminated() {
                handler.terminated();
            }
        };
    }
}
