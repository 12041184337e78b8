// SPDX-License-Identifier: Apache-2.0
package upstreamreset.server;

/**
 * Ends the process where memory of any sort is used up, so that Kubernetes starts it anew: the JVM's own
 * {@code ExitOnOutOfMemoryError} sees the heap alone, not direct memory.
 */
final class OutOfMemory {
    /** As ExitOnOutOfMemoryError has it. */
    private static final int STATUS = 3;

    private OutOfMemory() {}

    /** Does not return; {@code throw} it for the compiler. */
    static OutOfMemoryError end(OutOfMemoryError e) {
        System.err.println("Out of memory: " + e.getMessage() + ". The process ends, to be started anew.");
        Runtime.getRuntime().halt(STATUS);
        return e;
    }
}
