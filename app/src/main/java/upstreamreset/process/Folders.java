// SPDX-License-Identifier: Apache-2.0
package upstreamreset.process;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** Creates and removes folders, and measures them while another process fills them. */
public final class Folders {
    private static final FileAttribute<Set<PosixFilePermission>> OWNER_ONLY =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

    private Folders() {}

    /** The path of a temporary folder that does not exist yet: {@link #make} fails if somebody else creates it. */
    public static Path unused(String prefix) {
        var number = ThreadLocalRandom.current().nextLong() ^ System.nanoTime();
        return Path.of(System.getProperty("java.io.tmpdir"), prefix + "-" + Long.toHexString(number));
    }

    /** Makes a folder for its owner alone. */
    static void make(Path folder) throws IOException {
        try {
            Files.createDirectory(folder, OWNER_ONLY);
        } catch (IOException e) {
            throw new IOException(
                    "cannot make the temporary folder " + folder + " ("
                            + e.getClass().getSimpleName() + "); is " + folder.getParent()
                            + " there, with room, and may you write in it?",
                    e);
        }
    }

    public static void delete(Path folder) throws IOException {
        Files.walkFileTree(folder, new Visitor() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.deleteIfExists(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path each, @Nullable IOException e) throws IOException {
                super.postVisitDirectory(each, e);
                Files.deleteIfExists(each);
                return FileVisitResult.CONTINUE;
            }
        });
    }

    /** The size of the largest file. */
    public static long largest(Path folder) throws IOException {
        var largest = new long[1];
        Files.walkFileTree(folder, new Visitor() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                largest[0] = Math.max(largest[0], attributes.size());
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path each, @Nullable IOException e) {
                return FileVisitResult.CONTINUE;
            }
        });
        return largest[0];
    }

    /** A file that has gone meanwhile is fine. */
    private static class Visitor extends SimpleFileVisitor<Path> {
        @Override
        public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
            return e instanceof NoSuchFileException ? FileVisitResult.CONTINUE : super.visitFileFailed(file, e);
        }
    }
}
