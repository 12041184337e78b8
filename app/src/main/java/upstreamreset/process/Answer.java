// SPDX-License-Identifier: Apache-2.0
package upstreamreset.process;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import upstreamreset.wire.Bytes;

/**
 * A program's result for its input, with its two outputs kept apart.
 *
 * @param status the exit status as in a shell
 * @param ended whether it ended by itself; otherwise it was killed
 * @param output its standard output, at most {@value #MAX_OUTPUT} bytes of it
 */
public record Answer(int status, boolean ended, Bytes output, String errors) {
    private static final int MAX_OUTPUT = 16 << 20;
    private static final int MAX_ERRORS = 1 << 20;

    /** Runs a program to its end, or for {@code patience}, or until it has written more than is kept. */
    public static Answer of(List<String> command, String input, Duration patience)
            throws IOException, InterruptedException {
        try (var process = GuardedProcess.start(command, input)) {
            // More than is kept ends it.
            var output = new Copy(process.bytes(), MAX_OUTPUT, process::end);
            var errors = new Copy(process.errors(), MAX_ERRORS, process::end);
            long until = System.nanoTime() + patience.toNanos();
            boolean ended = output.ended(until) && errors.ended(until);
            int status = process.end();
            // All that could write has ended.
            output.thread.join();
            errors.thread.join();
            return new Answer(
                    status, ended, Bytes.of(output.to.toByteArray()), errors.to.toString(StandardCharsets.UTF_8));
        }
    }

    /** Reads to the end, or to the bound. */
    private static final class Copy {
        private final ByteArrayOutputStream to = new ByteArrayOutputStream();
        private final Thread thread;

        Copy(InputStream from, int bound, Runnable whenFull) {
            thread = Thread.ofPlatform().daemon().name("program-answer").start(() -> copy(from, bound, whenFull));
        }

        private void copy(InputStream from, int bound, Runnable whenFull) {
            var block = new byte[8192];
            try {
                for (int read = from.read(block); read >= 0; read = from.read(block)) {
                    if (to.size() >= bound) {
                        whenFull.run();
                        return;
                    }
                    to.write(block, 0, read);
                }
            } catch (IOException e) {
                // the process was killed: its answer does not count
            }
        }

        boolean ended(long until) throws InterruptedException {
            return thread.join(Duration.ofNanos(Math.max(1, until - System.nanoTime())));
        }
    }
}
