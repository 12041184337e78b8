// SPDX-License-Identifier: Apache-2.0
package upstreamreset.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A child process that a test can signal, and that never outlives this JVM: a guard holds a pipe from the JVM and kills
 * the child when that closes, also after {@code Runtime.halt} or SIGKILL.
 */
public final class SignalledProcess implements AutoCloseable {
    /** Prints the child's pid, then waits for its end; the end of stdin ends the child, stopped or not. */
    private static final String GUARD = """
            log=$1; shift
            exec 3<&0
            "$@" </dev/null >>"$log" 2>&1 3<&- &
            pid=$!
            echo $pid
            { read -r _ <&3 || kill -KILL $pid; } 2>/dev/null &
            reader=$!
            wait $pid; status=$?
            kill $reader 2>/dev/null
            exit $status
            """;

    private final Process guard;
    private final long pid;
    private final Path log;

    private SignalledProcess(Process guard, long pid, Path log) {
        this.guard = guard;
        this.pid = pid;
        this.log = log;
    }

    /** Starts the command with {@code environment} added to ours; its stdout and stderr are appended to {@code log}. */
    public static SignalledProcess start(Path log, Map<String, String> environment, List<String> command) {
        var guarded = new ArrayList<>(List.of("bash", "-c", GUARD, "guard", log.toString()));
        guarded.addAll(command);
        var builder = new ProcessBuilder(guarded).redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()));
        builder.environment().putAll(environment);
        try {
            var guard = builder.start();
            var line = guard.inputReader().readLine();
            if (line == null) {
                throw new AssertionError("the guard of " + command.getFirst() + " printed no pid; see " + log);
            }
            return new SignalledProcess(guard, Long.parseLong(line), log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The process id of the child itself, not of its guard. */
    public long pid() {
        return pid;
    }

    public Path log() {
        return log;
    }

    public boolean isAlive() {
        return guard.isAlive();
    }

    /** Sends a signal to the child, for example {@code STOP}. Does nothing where the child has ended. */
    public void signal(String name) {
        if (!guard.isAlive()) {
            return;
        }
        try {
            var kill = new ProcessBuilder("kill", "-" + name, Long.toString(pid))
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            await(kill, 60);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits for the child's end and returns its exit code (128 + signal where a signal ended it). */
    public int awaitExit(int seconds) {
        if (!await(guard, seconds)) {
            throw new AssertionError("process " + pid + " has not ended within " + seconds + " s; see " + log);
        }
        return guard.exitValue();
    }

    /** SIGKILL, then waits until it has gone. */
    public void kill() {
        signal("KILL");
        awaitExit(60);
    }

    @Override
    public void close() {
        kill();
        try {
            guard.outputWriter().close();
        } catch (IOException e) {
            // The guard has gone, and its end of the pipe with it.
        }
    }

    private static boolean await(Process process, int seconds) {
        try {
            return process.waitFor(seconds, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for process " + process.pid(), e);
        }
    }
}
