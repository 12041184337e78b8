// SPDX-License-Identifier: Apache-2.0
package upstreamreset.testing;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import upstreamreset.cli.Main;

/** One command line and what came of it: run in this JVM, or as the process that a user would start. */
public final class Cli {
    private static final long TIMEOUT_SECONDS = 120;

    private Cli() {}

    /** What a command line came to. */
    public record Result(int exitCode, String output, String errors) {}

    /** Runs it in this JVM. */
    public static Result run(String... args) {
        var out = new StringWriter();
        var err = new StringWriter();
        int code = Main.run(new PrintWriter(out), new PrintWriter(err), args);
        return new Result(code, out.toString(), err.toString());
    }

    /** Runs the jar, to its end. */
    public static Result runJar(Path folder, Map<String, String> environment, String... args)
            throws IOException, InterruptedException {
        var output = Files.createTempFile(folder, "stdout", "");
        var errors = Files.createTempFile(folder, "stderr", "");
        var builder = new ProcessBuilder(jarCommand(args))
                .redirectOutput(output.toFile())
                .redirectError(errors.toFile());
        builder.environment().putAll(environment);
        var process = builder.start();
        try {
            if (!process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
                throw new AssertionError("did not end: " + List.of(args) + "\n" + Files.readString(errors));
            }
            return new Result(
                    process.exitValue(),
                    Files.readString(output, StandardCharsets.UTF_8),
                    Files.readString(errors, StandardCharsets.UTF_8));
        } finally {
            process.destroyForcibly();
        }
    }

    /** The command that runs the jar on this JVM. */
    public static List<String> jarCommand(String... args) {
        var command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--sun-misc-unsafe-memory-access=allow",
                "-jar",
                RealParts.jar().toString()));
        command.addAll(List.of(args));
        return command;
    }
}
