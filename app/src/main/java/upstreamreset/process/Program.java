// SPDX-License-Identifier: Apache-2.0
package upstreamreset.process;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** A program of somebody else's that this machine has on its PATH, and the version that it says it is. */
public record Program(Path path, String version) {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final int LINES = 40;

    /**
     * Looks for {@code name} on {@code PATH} and asks it for its version.
     *
     * @param version finds the version, its first group, in what the program says
     * @throws MissingException when it is not there, or does not say one in time
     */
    public static Program find(String name, Map<String, String> environment, List<String> arguments, Pattern version)
            throws IOException, InterruptedException {
        var path = onPath(name, environment)
                .orElseThrow(() -> new MissingException(name + " is not on PATH"))
                .toAbsolutePath();
        var command = new ArrayList<String>();
        command.add(path.toString());
        command.addAll(arguments);
        var said = run(command, Map.of(), PATIENCE);
        var found = version.matcher(said);
        if (!found.find()) {
            throw new MissingException(path + " does not say its version when asked by " + arguments.getFirst());
        }
        return new Program(path, found.group(1));
    }

    public static Optional<Path> onPath(String name, Map<String, String> environment) {
        return Arrays.stream(environment.getOrDefault("PATH", "").split(File.pathSeparator, -1))
                .map(folder -> Path.of(folder, name))
                .filter(file -> Files.isRegularFile(file) && Files.isExecutable(file))
                .findFirst();
    }

    /**
     * Runs a command to its end and returns its last lines; it ends with us, and not later than {@code patience}.
     *
     * @throws MissingException when it did not end in time, or failed
     */
    public static String run(List<String> command, Map<String, String> environment, Duration patience)
            throws IOException, InterruptedException {
        var said = Collections.synchronizedList(new ArrayList<String>());
        try (var process = GuardedProcess.start(command, environment)) {
            var reader = Thread.ofPlatform().daemon().name("program-output").start(() -> lines(process, said));
            if (!reader.join(patience)) {
                throw new MissingException(
                        "%s did not end within %d s".formatted(command.getFirst(), patience.toSeconds()));
            }
            int status = process.end();
            if (status != 0) {
                throw new MissingException("%s failed with exit code %d: %s"
                        .formatted(command.getFirst(), status, String.join(" / ", said)));
            }
        }
        return String.join("\n", said);
    }

    /** Adds the process's lines to {@code said}, of which only the last are kept, until it ends. */
    public static void lines(GuardedProcess process, List<String> said) {
        try {
            for (var line = process.output().readLine();
                    line != null;
                    line = process.output().readLine()) {
                said.add(line);
                if (said.size() > LINES) {
                    said.removeFirst();
                }
            }
        } catch (IOException e) {
            said.add(e.toString());
        }
    }
}
