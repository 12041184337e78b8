// SPDX-License-Identifier: Apache-2.0
package upstreamreset.sidecar;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import upstreamreset.process.ChildLines;
import upstreamreset.process.GuardedProcess;
import upstreamreset.process.Program;
import upstreamreset.wire.Printable;

/**
 * The user's app, started by its command: its output is passed on, and it ends with this process, with everything that
 * it started.
 */
public final class AppProcess implements AutoCloseable {
    private static final Duration MAX_GOODBYE = Duration.ofSeconds(2);
    private static final int POLL_MILLIS = 50;

    private final String name;
    private final GuardedProcess process;
    private final CountDownLatch ended = new CountDownLatch(1);

    private AppProcess(String name, GuardedProcess process) {
        this.name = name;
        this.process = process;
    }

    /**
     * Starts it. {@code output} gets each line that it prints, on another thread.
     *
     * @throws IllegalArgumentException if there is no such program
     */
    public static AppProcess start(List<String> command, Map<String, String> environment, Consumer<String> output)
            throws IOException {
        check(command.getFirst(), environment);
        var app = new AppProcess(Printable.words(String.join(" ", command)), GuardedProcess.start(command, Map.of()));
        Thread.ofPlatform().daemon().name("app-output").start(() -> app.read(output));
        Thread.ofPlatform().daemon().name("app-end").start(app::watch);
        return app;
    }

    private static void check(String program, Map<String, String> environment) {
        boolean found = program.contains("/")
                ? Files.isRegularFile(Path.of(program)) && Files.isExecutable(Path.of(program))
                : Program.onPath(program, environment).isPresent();
        if (!found) {
            throw new IllegalArgumentException("the command '" + Printable.words(program)
                    + (program.contains("/") ? "' is not an executable program" : "' is not on PATH"));
        }
    }

    private void read(Consumer<String> output) {
        try {
            var lines = new ChildLines(process.output());
            for (var line = lines.next(); line != null; line = lines.next()) {
                output.accept(line);
            }
        } catch (IOException e) {
            // it has ended
        }
    }

    /** It does not rely on the end of the output, because descendants may keep that open. */
    private void watch() {
        try {
            while (ProcessHandle.of(process.pid()).map(ProcessHandle::isAlive).orElse(false)) {
                Thread.sleep(POLL_MILLIS);
            }
            ended.countDown();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Waits until it has ended. */
    public void awaitEnd() throws InterruptedException {
        ended.await();
    }

    /** Whether it has ended. */
    public boolean hasEnded() {
        return ended.getCount() == 0;
    }

    /** That it has ended, and how, as the beginning of a sentence. */
    public String obituary() {
        return "the app (" + name + ") ended with exit code " + process.end();
    }

    /** Its command line. */
    public String name() {
        return name;
    }

    /** Asks it to end (SIGTERM), and kills the rest. */
    @Override
    public void close() {
        ProcessHandle.of(process.pid()).ifPresent(ProcessHandle::destroy);
        try {
            ended.await(MAX_GOODBYE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        process.close();
    }
}
