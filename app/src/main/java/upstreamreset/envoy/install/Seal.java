// SPDX-License-Identifier: Apache-2.0
package upstreamreset.envoy.install;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HexFormat;
import java.util.concurrent.TimeUnit;
import upstreamreset.wire.Sha256;

/**
 * Checks that an installed program is unchanged. A file beside it has its hash, with its size and times when the hash
 * was computed. Hashing 100 MB at each start would cost more than the start, so the hash is checked only if the times
 * differ. The change time is the kernel's own: nothing sets it back.
 */
final class Seal {
    private Seal() {}

    /** Writes what the program is now. */
    static void set(Path program) throws IOException {
        write(program, hash(program));
    }

    /** Whether it is unchanged; false if nothing is known about it. */
    static boolean holds(Path program) throws IOException {
        var file = file(program);
        if (!Files.isExecutable(program) || !Files.isReadable(file)) {
            return false;
        }
        var known = Files.readString(file).strip();
        if (known.endsWith(" " + stamp(program))) {
            return true;
        }
        var hash = hash(program);
        if (!known.startsWith(hash + " ")) {
            return false;
        }
        if (Files.isWritable(file)) {
            write(program, hash);
        }
        return true;
    }

    /** Whether something is known of it. */
    static boolean isSet(Path program) {
        return Files.exists(file(program));
    }

    private static void write(Path program, String hash) throws IOException {
        var file = file(program);
        var fresh = file.resolveSibling(
                file.getFileName() + "." + ProcessHandle.current().pid());
        Files.writeString(fresh, hash + " " + stamp(program) + "\n");
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
    }

    private static String stamp(Path program) throws IOException {
        return Files.size(program) + " " + Files.getLastModifiedTime(program).to(TimeUnit.NANOSECONDS) + " "
                + Files.getAttribute(program, "unix:ctime");
    }

    private static String hash(Path program) throws IOException {
        try (var in = Files.newInputStream(program)) {
            return HexFormat.of().formatHex(Sha256.of(in));
        }
    }

    private static Path file(Path program) {
        return program.resolveSibling(program.getFileName() + ".sum");
    }
}
