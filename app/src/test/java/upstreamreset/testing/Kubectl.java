// SPDX-License-Identifier: Apache-2.0
package upstreamreset.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/** A kubectl that knows its kubeconfig and reads nothing of the user's. */
public record Kubectl(Path program, Path kubeconfig, Path home) {
    /** What a run came to. */
    public record Result(int exitCode, String out, String err) {}

    /** Runs it and returns its stdout; a failure is an AssertionError with its stderr. */
    public String checked(String input, String... arguments) {
        var result = run(input, arguments);
        if (result.exitCode() != 0) {
            throw new AssertionError("kubectl " + String.join(" ", arguments) + ": " + result.err());
        }
        return result.out();
    }

    /** Runs it; {@code input} is its stdin. A {@code --kubeconfig} among the arguments wins. */
    public Result run(String input, String... arguments) {
        var command = new ArrayList<>(List.of(program.toString(), "--kubeconfig", kubeconfig.toString()));
        command.addAll(List.of(arguments));
        var err = home.resolve("kubectl-" + UUID.randomUUID() + ".err");
        try {
            var builder = new ProcessBuilder(command).redirectError(err.toFile());
            builder.environment().put("HOME", home.toString());
            var process = builder.start();
            try (var stdin = process.outputWriter()) {
                stdin.write(input);
            }
            var out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (!process.waitFor(120, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new AssertionError("kubectl has not ended: " + command);
            }
            return new Result(process.exitValue(), out, Files.readString(err));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while kubectl ran", e);
        }
    }
}
