// SPDX-License-Identifier: Apache-2.0
package upstreamreset.probe;

import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;

/** Closes a connection at its deadline: a peer that sends a byte now and then never triggers a read timeout. */
final class Deadline implements AutoCloseable {
    private final Thread watch;
    private volatile boolean passed;

    Deadline(Closeable socket, Duration time) {
        watch = Thread.ofVirtual().name("deadline").start(() -> {
            try {
                Thread.sleep(time);
                passed = true;
                socket.close();
            } catch (InterruptedException e) {
                // in time
            } catch (IOException e) {
                // closing is all that we wanted
            }
        });
    }

    /** Whether it was this that closed the socket. */
    boolean passed() {
        return passed;
    }

    @Override
    public void close() {
        watch.interrupt();
    }
}
