// SPDX-License-Identifier: Apache-2.0
package upstreamreset.testing;

import java.io.IOException;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.awaitility.Awaitility;

/** A terminal of its own, which script(1) makes, on which a command runs in the folder scripts/; what it shows is recorded. */
public final class Recording implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    /** Each process that is started below has it in its environment. */
    private static final String MARK = "UPSTREAM_RESET_RECORDING";

    private final Process script;
    private final String mark;
    private final Thread reader;
    private final StringWriter shown = new StringWriter();

    private Recording(Process script, String mark) {
        this.script = script;
        this.mark = mark;
        reader = Thread.ofVirtual().start(this::read);
    }

    /** A terminal of so many columns; {@code folder} is for its files. */
    public static Recording start(Path folder, int columns, String command) throws IOException {
        RealParts.jar();
        RealParts.program("script");
        var commands = folder.resolve("commands");
        Files.writeString(
                commands,
                "cd '" + Path.of("../scripts").toRealPath() + "' && stty cols " + columns + " && " + command + "\n");
        var builder = new ProcessBuilder("script", "-q", "-e", "-c", "bash '" + commands + "'", "/dev/null")
                .redirectErrorStream(true);
        var environment = builder.environment();
        environment.keySet().removeAll(List.of("XDG_CACHE_HOME", "NO_COLOR", "COLUMNS", "KUBECONFIG"));
        environment.put("TERM", "xterm");
        environment.put("JAVA_HOME", System.getProperty("java.home"));
        var mark = UUID.randomUUID().toString();
        environment.put(MARK, mark);
        return new Recording(builder.start(), mark);
    }

    private void read() {
        try (var from = script.inputReader(StandardCharsets.UTF_8)) {
            var block = new char[4096];
            for (int read = from.read(block); read >= 0; read = from.read(block)) {
                shown.write(block, 0, read);
            }
        } catch (IOException e) {
            shown.append(e.toString());
        }
    }

    /** Waits until a java runs, {@code text} is shown, and {@code ready} is true. */
    public void await(String text, BooleanSupplier ready) {
        Awaitility.await()
                .atMost(PATIENCE)
                .until(() -> shown.toString().contains(text)
                        && ready.getAsBoolean()
                        && script.descendants()
                                .flatMap(each -> each.info().command().stream())
                                .anyMatch(each -> each.endsWith("/java")));
    }

    /** As on its keyboard. */
    public void type(String keys) throws IOException {
        script.getOutputStream().write(keys.getBytes(StandardCharsets.UTF_8));
        script.getOutputStream().flush();
    }

    /** Waits for the command's end, and returns all that was shown. */
    public String end() throws InterruptedException {
        return end(PATIENCE);
    }

    /** The same, within {@code patience}. */
    public String end(Duration patience) throws InterruptedException {
        if (!script.waitFor(patience.toSeconds(), TimeUnit.SECONDS) || !reader.join(PATIENCE)) {
            throw new AssertionError("did not end; shown is: " + shown);
        }
        return shown.toString().replace("\r\n", "\n");
    }

    /** Waits until no process is left of all that were started on it. */
    public void awaitNoProcess() {
        var wanted = MARK + "=" + mark;
        Awaitility.await()
                .atMost(PATIENCE)
                .until(() -> ProcessHandle.allProcesses()
                        .noneMatch(each -> environment(each).contains(wanted)));
    }

    private static String environment(ProcessHandle process) {
        try {
            return Files.readString(Path.of("/proc/" + process.pid() + "/environ"), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            // It has gone, or is another user's.
            return "";
        }
    }

    @Override
    public void close() {
        script.descendants().forEach(ProcessHandle::destroyForcibly);
        script.destroyForcibly();
    }
}
