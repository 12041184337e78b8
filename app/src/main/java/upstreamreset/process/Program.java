// SPDX-License-Identifier: Apache-2.0
package upstreamreset.process;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** A third-party program on the PATH, and the version that it reports. */
public record Program(Path path, String version) {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    /**
     * Looks for {@code name} on {@code PATH} and asks it for its version.
     *
     * @param version finds the version, its first group, in what the program says
     * @throws ProgramException when it is not there, or does not say one in time
     */
    public static Program find(String name, Map<String, String> environment, List<String> arguments, Pattern version)
            throws IOException, InterruptedException {
        var path = onPath(name, environment)
                .orElseThrow(() -> new ProgramException(name + " is not on PATH"))
                .toAbsolutePath();
        var command = new ArrayList<String>();
        command.add(path.toString());
        command.addAll(arguments);
        var answer = Programs.ask(command, PATIENCE).succeeded();
        var found = version.matcher(String.join("\n", answer.lines()));
        if (!found.find()) {
            throw new ProgramException(path + " does not report its version with " + arguments.getFirst());
        }
        return new Program(path, found.group(1));
    }

    public static Optional<Path> onPath(String name, Map<String, String> environment) {
        return Arrays.stream(environment.getOrDefault("PATH", "").split(File.pathSeparator, -1))
                .map(folder -> Path.of(folder, name))
                .filter(file -> Files.isRegularFile(file) && Files.isExecutable(file))
                .findFirst();
    }
}
