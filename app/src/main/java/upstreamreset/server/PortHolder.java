// SPDX-License-Identifier: Apache-2.0
package upstreamreset.server;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Finds the process that listens on a port, if Linux's /proc shows it to this user; otherwise empty. */
final class PortHolder {
    private static final Path PROC = Path.of("/proc");
    private static final String LISTEN = "0A";

    private PortHolder() {}

    /** For example {@code process 1234 (java)}. */
    static Optional<String> of(int port) {
        var sockets = Stream.of("tcp", "tcp6")
                .flatMap(table -> listening(PROC.resolve("net").resolve(table), port))
                .collect(Collectors.toSet());
        if (sockets.isEmpty()) {
            return Optional.empty();
        }
        try (var processes = Files.newDirectoryStream(PROC, "[0-9]*")) {
            for (var process : processes) {
                if (holdsAny(process, sockets)) {
                    return Optional.of("process %s (%s)".formatted(process.getFileName(), name(process)));
                }
            }
        } catch (IOException | DirectoryIteratorException e) {
            return Optional.empty();
        }
        return Optional.empty();
    }

    /** The inodes of the sockets that listen on the port; proc(5): local address, state and inode are columns 2, 4, 10. */
    private static Stream<String> listening(Path table, int port) {
        try {
            var suffix = ":%04X".formatted(port);
            return Files.readAllLines(table).stream()
                    .map(line -> line.strip().split("\\s+"))
                    .filter(column -> column.length > 9 && column[1].endsWith(suffix) && column[3].equals(LISTEN))
                    .map(column -> "socket:[" + column[9] + "]");
        } catch (IOException e) {
            return Stream.empty();
        }
    }

    private static boolean holdsAny(Path process, Set<String> sockets) {
        var open = process.resolve("fd").toFile().listFiles();
        return open != null
                && Arrays.stream(open).anyMatch(file -> {
                    try {
                        return sockets.contains(
                                Files.readSymbolicLink(file.toPath()).toString());
                    } catch (IOException e) {
                        return false;
                    }
                });
    }

    private static String name(Path process) throws IOException {
        return Files.readString(process.resolve("comm")).strip();
    }
}
