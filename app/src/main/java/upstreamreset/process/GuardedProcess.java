// SPDX-License-Identifier: Apache-2.0
package upstreamreset.process;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A child process that does not outlive this JVM, however that ends; nor do the child's own children.
 *
 * <p>The shell of {@link GuardScript} holds the child and reads a pipe from this JVM. When the pipe closes, and the
 * kernel closes it at exit, {@code halt}, crash and SIGKILL alike, the guard kills the child's process group and
 * everything else that the child started, and removes its folder. Ctrl-C, which goes to the terminal's process group,
 * reaches this JVM only. If the guard is killed, this JVM notices and does its work.
 */
public final class GuardedProcess implements AutoCloseable {
    /** The exit status, as shells count it, of a process that SIGKILL ended. */
    public static final int KILLED = 128 + 9;

    private static final int PATIENCE_SECONDS = 5;

    /**
     * The child's message before it becomes the command: from the guard, it could come after the command's own output.
     */
    private static final String FIRST_WORD = "guarded ";

    private final Process guard;
    private final GuardScript script;
    private final long pid;
    private final BufferedReader output;
    private volatile boolean ending;

    private GuardedProcess(Process guard, GuardScript script, long pid) {
        this.guard = guard;
        this.script = script;
        this.pid = pid;
        output = new BufferedReader(new InputStreamReader(guard.getInputStream(), StandardCharsets.UTF_8));
    }

    /** Fills a folder that has just been made. */
    @FunctionalInterface
    public interface Filling {
        void fill(Path folder) throws IOException;
    }

    /** Starts a child of which standard output and error come as one stream, in the order in which it wrote them. */
    public static GuardedProcess start(List<String> command, Map<String, String> environment) throws IOException {
        return start(new GuardScript(null, null), command, environment, true, _ -> {});
    }

    /**
     * The same, with a folder of its own that is removed, with all that is in it, when the child has ended.
     *
     * @param folder is not there yet: it is made when somebody is there to remove it
     */
    public static GuardedProcess start(List<String> command, Path folder, Filling filling) throws IOException {
        return start(new GuardScript(folder, null), command, Map.of(), true, filling);
    }

    /** Starts a child that reads {@code input}, of which {@link #bytes} are the standard output and {@link #errors} the error. */
    static GuardedProcess start(List<String> command, String input) throws IOException {
        if (input.isEmpty()) {
            return start(new GuardScript(null, null), command, Map.of(), false, _ -> {});
        }
        var folder = Folders.unused("upstream-reset-input");
        var file = folder.resolve("input");
        return start(new GuardScript(folder, file), command, Map.of(), false, _ -> Files.writeString(file, input));
    }

    private static GuardedProcess start(
            GuardScript script,
            List<String> command,
            Map<String, String> environment,
            boolean oneStream,
            Filling filling)
            throws IOException {
        var builder = new ProcessBuilder(script.guard(command)).redirectErrorStream(oneStream);
        builder.environment().putAll(environment);
        var guard = startGuard(builder, command.getFirst());
        try {
            var folder = script.folder();
            if (folder != null) {
                Folders.make(folder);
                filling.fill(folder);
            }
            tell(guard, "");
            var said = new ArrayList<String>();
            for (var text = line(guard.getInputStream()); text != null; text = line(guard.getInputStream())) {
                if (text.startsWith(FIRST_WORD)) {
                    var pid = text.substring(FIRST_WORD.length());
                    tell(guard, pid);
                    var process = new GuardedProcess(guard, script, Long.parseLong(pid));
                    var _ = guard.onExit().thenRun(process::guardHasEnded);
                    return process;
                }
                said.add(text);
            }
            throw new IOException("the shell that guards " + command.getFirst() + " did not start it: " + said);
        } catch (Throwable e) {
            new GuardedProcess(guard, script, guard.pid()).close();
            throw e;
        }
    }

    private static Process startGuard(ProcessBuilder guard, String program) throws IOException {
        try {
            return guard.start();
        } catch (IOException e) {
            if (Files.isExecutable(Path.of("/bin/sh"))) {
                throw e;
            }
            throw new IOException(
                    "there is no /bin/sh, which runs " + program
                            + " and ends it with us; the app's own image has none: there"
                            + " explain, inspect, probe and scenarios work, and for the rest use the download",
                    e);
        }
    }

    private static void tell(Process guard, String line) throws IOException {
        var out = guard.getOutputStream();
        out.write((line + "\n").getBytes(StandardCharsets.US_ASCII));
        out.flush();
    }

    /** Byte by byte: the following bytes belong to the reader of the output. */
    private static @Nullable String line(InputStream in) throws IOException {
        var text = new StringBuilder();
        int each = in.read();
        for (; each >= 0 && each != '\n'; each = in.read()) {
            text.append((char) each);
        }
        return each < 0 && text.isEmpty() ? null : text.toString();
    }

    /** The child's output, until it ends. */
    public BufferedReader output() {
        return output;
    }

    /** The same as bytes; to be read instead. */
    InputStream bytes() {
        return guard.getInputStream();
    }

    /** Its standard error, if that is a separate stream. */
    InputStream errors() {
        return guard.getErrorStream();
    }

    /** The process id of the child itself. */
    public long pid() {
        return pid;
    }

    /** The process id of the guard. */
    public long guardPid() {
        return guard.pid();
    }

    /**
     * Kills the child and its descendants; returns the child's exit status as a shell counts it ({@link #KILLED} if it
     * was killed).
     */
    public int end() {
        ending = true;
        try {
            guard.getOutputStream().close();
        } catch (IOException e) {
            // The guard is gone: its work is done below.
        }
        try {
            if (guard.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                return guard.exitValue();
            }
            killInItsPlace();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            guard.destroyForcibly();
        }
        return KILLED;
    }

    private void guardHasEnded() {
        if (!ending) {
            killInItsPlace();
        }
    }

    private void killInItsPlace() {
        try {
            var kill = new ProcessBuilder(script.kill(pid))
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            kill.getOutputStream().close();
            if (!kill.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                kill.destroyForcibly();
            }
        } catch (IOException e) {
            ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Kills the child, and removes its folder if the guard could not. Again does nothing. */
    @Override
    public void close() {
        end();
        var folder = script.folder();
        if (folder != null) {
            try {
                Folders.delete(folder);
            } catch (IOException e) {
                throw new UncheckedIOException("cannot remove the folder " + folder, e);
            }
        }
    }
}
