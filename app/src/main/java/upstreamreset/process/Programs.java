// SPDX-License-Identifier: Apache-2.0
package upstreamreset.process;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Runs other programs: each ends with this process and by its deadline at the latest. */
public final class Programs {
    private static final Duration BEAT = Duration.ofMillis(200);

    private Programs() {}

    /**
     * How a program ended.
     *
     * @param status the exit status as in a shell
     * @param lines what it printed, to standard output and error
     */
    public record Result(String program, int status, List<String> lines) {
        public Result {
            lines = List.copyOf(lines);
        }

        /**
         * Returns itself.
         *
         * @throws ProgramException if the program failed; the message has its last lines
         */
        public Result succeeded() throws ProgramException {
            if (status != 0) {
                throw new ProgramException(
                        "%s failed with exit code %d: %s".formatted(program, status, String.join(" / ", lines)));
            }
            return this;
        }
    }

    /** Is called while a program runs. */
    @FunctionalInterface
    public interface Heartbeat {
        void beat() throws IOException;
    }

    /**
     * Runs a command to its end and keeps its last lines.
     *
     * @param environment is added to ours
     * @throws ProgramException when it did not end within {@code patience}; it is killed
     */
    public static Result run(List<String> command, Map<String, String> environment, Duration patience)
            throws IOException, InterruptedException {
        return run(command, environment, patience, () -> {});
    }

    /** The same, and calls {@code heartbeat} every fifth of a second. */
    public static Result run(
            List<String> command, Map<String, String> environment, Duration patience, Heartbeat heartbeat)
            throws IOException, InterruptedException {
        try (var process = GuardedProcess.start(command, environment)) {
            return result(command, process, OutputLines.last(process), patience, heartbeat);
        }
    }

    /** Runs a command that answers in a few lines, such as {@code envoy --version}; one that talks on is killed. */
    public static Result ask(List<String> command, Duration patience) throws IOException, InterruptedException {
        try (var process = GuardedProcess.start(command, Map.of())) {
            return result(command, process, OutputLines.first(process), patience, () -> {});
        }
    }

    private static Result result(
            List<String> command, GuardedProcess process, OutputLines output, Duration patience, Heartbeat heartbeat)
            throws IOException, InterruptedException {
        long until = System.nanoTime() + patience.toNanos();
        long left = patience.toNanos();
        while (!output.ended(Duration.ofNanos(Math.min(left, BEAT.toNanos())))) {
            left = until - System.nanoTime();
            if (left <= 0) {
                throw new ProgramException(
                        "%s did not end within %d s".formatted(command.getFirst(), patience.toSeconds()));
            }
            heartbeat.beat();
        }
        return new Result(command.getFirst(), process.end(), output.lines());
    }
}
