// SPDX-License-Identifier: Apache-2.0
package upstreamreset.cli;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Runs an action at Ctrl-C, unless the command ends by itself soon: the program that fills a pipe gets the signal too,
 * and usually ends the input. Once closed, it runs nothing.
 */
final class LastWords implements AutoCloseable {
    /** For what Main has to say of a command that is through: why it failed, and what is still in a buffer. */
    private static final int MAX_SECONDS_OF_MAIN = 5;

    private final CountDownLatch done = new CountDownLatch(1);
    private final Thread hook;

    /** For a command that has {@code millis} to end by itself, and {@code secondsBehind} to end once {@code words} have run. */
    LastWords(int millis, Runnable words, int secondsBehind) {
        hook = new Thread(() -> atSignal(millis, words, secondsBehind), "last-words");
        Runtime.getRuntime().addShutdownHook(hook);
    }

    private void atSignal(int millis, Runnable words, int secondsBehind) {
        try {
            if (!done.await(millis, TimeUnit.MILLISECONDS)) {
                words.run();
                if (!done.await(secondsBehind, TimeUnit.SECONDS)) {
                    return;
                }
            }
            // The end of this thread would end the JVM, before Main does with the command's own exit code.
            TimeUnit.SECONDS.sleep(MAX_SECONDS_OF_MAIN);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        done.countDown();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // The JVM is going down already, and the hook with it.
        }
    }
}
