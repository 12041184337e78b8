// SPDX-License-Identifier: Apache-2.0
package upstreamreset.output;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Objects;

/** A file for a finished result: written completely or not at all, and never in place of a device or link. */
public final class ResultFile {
    private static final int MAX_LINKS = 40;

    private ResultFile() {}

    /** The written content. */
    @FunctionalInterface
    public interface Content {
        void write(OutputStream out) throws IOException;
    }

    /** Says before the work that the file cannot be written. */
    public static void check(String what, Path file) throws IOException {
        if (Files.isDirectory(file) || !Files.isWritable(Files.exists(file) ? file : folder(target(file)))) {
            throw new IOException("cannot write " + what + " " + file
                    + "; name a file in a folder that exists and where you may write");
        }
    }

    /** Whether the two are one file, by name, link or mount: to write one would destroy the other. */
    public static boolean same(Path one, Path other) throws IOException {
        return one.toAbsolutePath().normalize().equals(other.toAbsolutePath().normalize())
                || (Files.exists(one) && Files.exists(other) && Files.isSameFile(one, other));
    }

    /**
     * Writes {@code content}; a new file has the permissions that umask gives, another keeps its own. A new file, and a regular one that was there or that a
     * link leads to, appears at its end; a device, a FIFO, or a file in a folder that takes no new one is written into.
     *
     * @throws IOException with the system's reason
     */
    public static void write(Path file, Content content) throws IOException {
        var target = target(file);
        var temporary = temporary(target);
        try {
            if (temporary.equals(target)) {
                fill(Files.newOutputStream(target), content);
            } else {
                fill(Files.newOutputStream(temporary), content);
                Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
            }
        } catch (FileSystemException e) {
            throw e;
        } catch (IOException e) {
            throw new IOException("cannot write " + file + ": " + e.getMessage(), e);
        } finally {
            if (!temporary.equals(target)) {
                Files.deleteIfExists(temporary);
            }
        }
    }

    /** The same, for text in UTF-8. */
    public static void write(Path file, String text) throws IOException {
        write(file, out -> out.write(text.getBytes(StandardCharsets.UTF_8)));
    }

    /** Where links lead to. What is neither file nor folder has no real path: {@code /dev/stdout} may be a pipe. */
    private static Path target(Path file) throws IOException {
        if (Files.exists(file)) {
            return Files.isRegularFile(file) ? file.toRealPath() : file;
        }
        var target = file;
        for (int i = 0; Files.isSymbolicLink(target); i++) {
            if (i == MAX_LINKS) {
                throw new IOException("cannot write " + file + ": its symbolic links lead in a circle");
            }
            target = target.resolveSibling(Files.readSymbolicLink(target));
        }
        return target;
    }

    /** A new file beside {@code target}, or {@code target} itself where that must not be replaced. */
    private static Path temporary(Path target) throws IOException {
        if (Files.exists(target) && !Files.isRegularFile(target)) {
            return target;
        }
        var name = ".upstream-reset-" + ProcessHandle.current().pid() + "-" + Long.toHexString(System.nanoTime());
        var temporary = folder(target).resolve(name + ".partial");
        try {
            // Not createTempFile, whose file is its owner's alone.
            Files.newOutputStream(temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)
                    .close();
            if (Files.exists(target)) {
                Files.setPosixFilePermissions(temporary, Files.getPosixFilePermissions(target));
            }
            return temporary;
        } catch (AccessDeniedException e) {
            if (Files.exists(target)) {
                return target;
            }
            throw e;
        }
    }

    private static void fill(OutputStream out, Content content) throws IOException {
        try (var buffered = new BufferedOutputStream(out)) {
            content.write(buffered);
        }
    }

    private static Path folder(Path file) {
        return Objects.requireNonNullElse(file.toAbsolutePath().getParent(), file);
    }
}
