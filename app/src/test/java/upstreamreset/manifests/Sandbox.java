// SPDX-License-Identifier: Apache-2.0
package upstreamreset.manifests;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import upstreamreset.testing.Processes;
import upstreamreset.testing.RealParts;

/**
 * A folder in which the cluster scripts run: a clone of this checkout with a remote that stands for a Git host, and a PATH
 * with nothing but the usual programs and stand-ins for kind, docker and the part of kubectl that needs a kubelet.
 */
final class Sandbox {
    /** The remote as everybody can read it. */
    static final String REPOSITORY = "https://git.example/me/lab.git";

    private static final Path STANDINS = Repository.path("app/src/test/resources/upstreamreset/manifests/standins");
    private static final List<String> USUAL = List.of(
            "awk",
            "basename",
            "bash",
            "base64",
            "cat",
            "comm",
            "cp",
            "cut",
            "date",
            "dirname",
            "env",
            "git",
            "grep",
            "head",
            "id",
            "mkdir",
            "mktemp",
            "mv",
            "od",
            "readlink",
            "rm",
            "sed",
            "seq",
            "sha256sum",
            "sleep",
            "sort",
            "tail",
            "timeout",
            "touch",
            "tr",
            "uname",
            "wc");

    private final Path folder;
    private final Map<String, String> environment = new TreeMap<>();

    private Sandbox(Path folder) {
        this.folder = folder;
    }

    /** In an empty folder. */
    static Sandbox in(Path folder) {
        try {
            var sandbox = new Sandbox(folder);
            Files.createDirectories(folder.resolve("bin"));
            for (var program : USUAL) {
                sandbox.put(program, RealParts.program(program));
            }
            for (var standIn : List.of("kind", "docker", "kubectl")) {
                sandbox.put(standIn, STANDINS.resolve(standIn));
            }
            sandbox.environment.putAll(Map.of(
                    "PATH", folder.resolve("bin").toString(),
                    "HOME", folder.toString(),
                    "TMPDIR", Files.createDirectories(folder.resolve("tmp")).toString(),
                    "STANDINS",
                            Files.createDirectories(folder.resolve("standins")).toString(),
                    "KUBECONFIG", folder.resolve("kubeconfig").toString(),
                    "GIT_CONFIG_NOSYSTEM", "1"));
            sandbox.makeClone();
            return sandbox;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void makeClone() throws IOException {
        Files.writeString(folder.resolve(".gitconfig"), """
                [user]
                  name = Test
                  email = test@example.org
                [url "%s/"]
                  insteadOf = https://git.example/
                """.formatted(
                        folder.resolve("remotes").toUri()));
        git("init", "--quiet", "--bare", "../remotes/me/lab.git");
        git("init", "--quiet", "--initial-branch=main");
        for (var part : List.of("scripts", "argocd", "manifests")) {
            run(List.of("cp", "-r", Repository.path(part).toString(), checkout().toString()));
        }
        for (var script : List.of("image", "upstream-reset")) {
            Files.deleteIfExists(checkout().resolve("scripts").resolve(script));
            Files.copy(STANDINS.resolve(script), checkout().resolve("scripts").resolve(script));
        }
        git("remote", "add", "origin", "git@git.example:me/lab.git");
        commit("one");
        push();
    }

    /** The repository behind {@link #REPOSITORY}, whose branch main has the checkout's manifests. */
    Path remote() {
        return folder.resolve("remotes/me/lab.git");
    }

    /** Takes a program off the PATH. */
    Sandbox without(String program) {
        try {
            Files.delete(folder.resolve("bin").resolve(program));
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Puts a program or a stand-in on the PATH. */
    Sandbox with(String standIn) {
        return with(standIn, standIn);
    }

    /** Puts a stand-in on the PATH under another name. */
    Sandbox with(String program, String standIn) {
        put(program, STANDINS.resolve(standIn));
        return this;
    }

    /** Takes the real scripts/image for its stand-in. */
    Sandbox withRealImage() {
        try {
            Files.copy(
                    Repository.path("scripts/image"),
                    checkout().resolve("scripts/image"),
                    StandardCopyOption.REPLACE_EXISTING);
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Sets a variable for all runs from here on. */
    Sandbox set(String variable, String value) {
        environment.put(variable, value);
        return this;
    }

    /**
     * Uses a real kubectl on that kubeconfig, whose context {@code test} is copied to each of {@code contexts}; the
     * current context leads nowhere.
     */
    Sandbox on(Path kubectl, Path kubeconfig, String... contexts) {
        try {
            Files.copy(kubeconfig, folder.resolve("kubeconfig"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        environment.put("REAL_KUBECTL", kubectl.toString());
        var config = List.of(kubectl.toString(), "config");
        run(concat(config, "set-cluster", "nowhere", "--server=https://127.0.0.1:1"));
        run(concat(config, "set-context", "somebody-elses", "--cluster=nowhere", "--user=admin"));
        run(concat(config, "use-context", "somebody-elses"));
        for (var context : contexts) {
            run(concat(config, "set-context", context, "--cluster=test", "--user=admin"));
        }
        return this;
    }

    Path checkout() throws IOException {
        return Files.createDirectories(folder.resolve("clone"));
    }

    String commit(String what) {
        git("add", "--all");
        git("commit", "--quiet", "--allow-empty", "--message", what);
        return git("rev-parse", "HEAD").out().strip();
    }

    void push() {
        git("push", "--quiet", REPOSITORY, "HEAD:refs/heads/main");
    }

    Result git(String... arguments) {
        var result = run(concat(List.of("git"), arguments));
        if (result.exitCode() != 0) {
            throw new AssertionError("git " + String.join(" ", arguments) + ": " + result.err());
        }
        return result;
    }

    /** Runs a script of ours. */
    Result script(String name, String... arguments) {
        return run(concat(List.of("scripts/" + name), arguments));
    }

    /** Runs a line of shell in the checkout. */
    Result shell(String line) {
        return run(List.of("bash", "-c", line));
    }

    /** Runs kubectl as the scripts do. */
    Result kubectl(String... arguments) {
        return run(concat(List.of("kubectl"), arguments));
    }

    /** What the stand-ins were called with, one a line. */
    String calls() {
        return state("calls");
    }

    /** The stand-in kind's clusters, one a line. */
    String clusters() {
        return state("clusters");
    }

    /** The stand-ins' processes that are still there. */
    List<ProcessHandle> left() {
        return state("pids")
                .lines()
                .map(Long::valueOf)
                .flatMap(pid -> ProcessHandle.of(pid).stream())
                .filter(Processes::runs)
                .toList();
    }

    /** What the stand-ins wrote to a file of theirs. */
    String state(String name) {
        var file = folder.resolve("standins").resolve(name);
        try {
            return Files.exists(file) ? Files.readString(file) : "";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What a run came to. */
    record Result(int exitCode, String out, String err) {}

    /** Starts a script of ours without waiting for it, its output into files. */
    Process start(String name, String... arguments) {
        return start(concat(List.of("scripts/" + name), arguments), folder.resolve("out"), folder.resolve("err"));
    }

    /** Sends a process a signal; one that has ended does not get it. */
    static void signal(String name, ProcessHandle process) {
        try {
            new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                    .start()
                    .waitFor();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Result run(List<String> command) {
        try {
            var out = Files.createTempFile(folder, "run", ".out");
            var err = Files.createTempFile(folder, "run", ".err");
            var process = start(command, out, err);
            try {
                if (!process.waitFor(120, TimeUnit.SECONDS)) {
                    throw new AssertionError(
                            command + " has not ended:\n" + Files.readString(out) + Files.readString(err));
                }
            } finally {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly();
            }
            return new Result(process.exitValue(), Files.readString(out), Files.readString(err));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while " + command + " ran", e);
        }
    }

    private Process start(List<String> command, Path out, Path err) {
        try {
            var builder = new ProcessBuilder(command)
                    .directory(checkout().toFile())
                    .redirectInput(
                            ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                    .redirectOutput(out.toFile())
                    .redirectError(err.toFile());
            builder.environment().clear();
            builder.environment().putAll(environment);
            return builder.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A wrapper and no symbolic link: JUnit warns of each that leads out of a temporary folder. */
    private void put(String name, Path target) {
        var wrapper = folder.resolve("bin").resolve(name);
        try {
            Files.writeString(wrapper, "#!/bin/sh\nexec '" + target + "' \"$@\"\n");
            if (!wrapper.toFile().setExecutable(true)) {
                throw new IOException(wrapper + " cannot be made executable");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> concat(List<String> first, String... then) {
        var all = new ArrayList<>(first);
        all.addAll(List.of(then));
        return all;
    }
}
