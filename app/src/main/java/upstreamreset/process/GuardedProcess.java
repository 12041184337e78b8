// SPDX-License-Identifier: Apache-2.0
package upstreamreset.process;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A child that does not survive us, however we end.
 *
 * <p>A small POSIX shell, the guard, holds the child and reads a pipe from this JVM. When the pipe closes, and the kernel
 * closes it at exit, {@code halt}, crash and SIGKILL alike, the guard kills the child and removes its folder. Guard and child
 * stand in a session of their own, so that Ctrl-C, which goes to the terminal's process group, reaches this JVM only. If the
 * guard is killed, this JVM sees it end and kills the child by its process handle.
 *
 * <p>Standard output and error of the child come as one stream, in the order in which it wrote them. It ends when the child
 * ends: the guard keeps no copy.
 */
public final class GuardedProcess implements AutoCloseable {
    /**
     * {@code $1} is the folder to remove, or empty; the rest is the command. The guard does not wait for the child before the
     * pipe closes, so that the child's pid cannot become another process's. The child tells its pid itself, before it becomes the
     * command: told by the guard, it could come behind the command's own first words.
     */
    private static final String GUARD = """
            trap '' INT QUIT HUP TERM
            folder=$1; shift
            /bin/sh -c 'echo "guarded $$"; exec "$@"' "$0" "$@" </dev/null 2>&1 & child=$!
            exec >/dev/null 2>&1
            read -r _
            kill -s KILL "$child"
            wait "$child"; status=$?
            [ -z "$folder" ] || rm -rf "$folder"
            exit "$status"
            """;

    /** The exit status, as shells count it, of a process that SIGKILL ended. */
    public static final int KILLED = 128 + 9;

    /** Job control puts the guard in a process group of its own where there is no {@code setsid}: macOS. */
    private static final String OWN_GROUP = """
            set -m
            trap '' INT QUIT HUP TERM
            "$@" <&0 & wait "$!"
            """;

    private final Process guard;
    private final ProcessHandle child;
    private final BufferedReader output;
    private final @Nullable Path folder;

    private GuardedProcess(Process guard, ProcessHandle child, BufferedReader output, @Nullable Path folder) {
        this.guard = guard;
        this.child = child;
        this.output = output;
        this.folder = folder;
    }

    /**
     * Starts a child.
     *
     * @param folder the child's own, if any: removed when the child has ended, with all that is in it
     */
    public static GuardedProcess start(List<String> command, Map<String, String> environment, @Nullable Path folder)
            throws IOException {
        var line = new ArrayList<>(ownSession());
        line.addAll(List.of("/bin/sh", "-c", GUARD, "upstream-reset-guard", folder == null ? "" : folder.toString()));
        line.addAll(command);
        var builder = new ProcessBuilder(line).redirectErrorStream(true);
        builder.environment().putAll(environment);
        var guard = builder.start();
        var output = new BufferedReader(new InputStreamReader(guard.getInputStream(), StandardCharsets.UTF_8));
        var said = new ArrayList<String>();
        for (var text = output.readLine(); text != null; text = output.readLine()) {
            if (text.startsWith("guarded ")) {
                long pid = Long.parseLong(text.substring("guarded ".length()));
                // Gone already: what it said is still in the pipe, and its end is the end of the stream.
                var child = ProcessHandle.of(pid).orElseGet(guard::toHandle);
                var _ = guard.onExit().thenRun(child::destroyForcibly);
                return new GuardedProcess(guard, child, output, folder);
            }
            said.add(text);
        }
        guard.destroyForcibly();
        throw new IOException("the shell that guards " + command.getFirst() + " did not start it: " + said);
    }

    private static List<String> ownSession() {
        return Stream.of("/usr/bin/setsid", "/bin/setsid")
                .filter(setsid -> Files.isExecutable(Path.of(setsid)))
                .findFirst()
                .map(List::of)
                .orElse(List.of("/bin/sh", "-c", OWN_GROUP, "upstream-reset-group"));
    }

    /** What the child writes, until it ends. */
    public BufferedReader output() {
        return output;
    }

    /** The process id of the child itself. */
    public long pid() {
        return child.pid();
    }

    /** The process id of the guard. */
    public long guardPid() {
        return guard.pid();
    }

    /** Kills the child; returns its exit status as a shell counts it ({@link #KILLED} if it was killed). */
    public int end() {
        try {
            guard.getOutputStream().close();
        } catch (IOException e) {
            // The guard is gone: its child is killed below.
        }
        try {
            if (guard.waitFor(5, TimeUnit.SECONDS)) {
                return guard.exitValue();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            guard.destroyForcibly();
            child.destroyForcibly();
        }
        return KILLED;
    }

    /** Kills the child, and removes its folder if the guard could not. Again does nothing. */
    @Override
    public void close() {
        end();
        if (folder != null) {
            try {
                Folders.delete(folder);
            } catch (IOException e) {
                throw new UncheckedIOException("cannot remove the folder " + folder, e);
            }
        }
    }
}
