// SPDX-License-Identifier: Apache-2.0
package upstreamreset.server;

import java.time.Duration;

/**
 * Ends the process when memory of any kind is exhausted, so that Kubernetes restarts it: the JVM's own {@code
 * ExitOnOutOfMemoryError} covers only the heap, not direct memory.
 */
final class OutOfMemory {
    /** As ExitOnOutOfMemoryError has it. */
    private static final int STATUS = 3;

    private static final Duration WORDS = Duration.ofMillis(200);

    private OutOfMemory() {}

    /** Does not return; {@code throw} it for the compiler. */
    static OutOfMemoryError end(OutOfMemoryError e) {
        var words = "Out of memory: " + e.getMessage() + ". The process ends, to be restarted.";
        try {
            // Whoever reads stderr may have stopped, and nobody waits for that.
            Thread.ofPlatform().daemon().start(() -> System.err.println(words)).join(WORDS);
        } catch (OutOfMemoryError | InterruptedException again) {
            // It ends without words.
        }
        Runtime.getRuntime().halt(STATUS);
        return e;
    }
}
