// SPDX-License-Identifier: Apache-2.0
package upstreamreset.gallery;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.awaitility.core.ConditionTimeoutException;
import upstreamreset.testing.FreePort;
import upstreamreset.testing.RealParts;
import upstreamreset.testing.SignalledProcess;

/** A server of the gallery that accepts connections. It and the processes that it started end with {@link #close}. */
record RunningServer(SignalledProcess process, int port) implements AutoCloseable {
    private static final InetAddress LOOPBACK = InetAddress.ofLiteral("127.0.0.1");
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration GRACE = Duration.ofSeconds(1);
    private static final int INSTALL_MINUTES = 20;
    private static final int TRIES = 3;

    /** The exit code of {@code start} where the version that is here is not the one that the table is about. */
    private static final int OTHER_VERSION = 3;

    /** Installs what {@code server} needs, if it is not there; what cannot be had skips the test by name. */
    static synchronized void install(GalleryServer server) throws IOException, InterruptedException {
        var install = new ProcessBuilder(GalleryServer.FOLDER.resolve("install").toString(), server.ecosystem())
                .redirectErrorStream(true)
                .redirectOutput(Files.createTempFile("gallery", ".log").toFile());
        var log = install.redirectOutput().file().toPath();
        try {
            var running = install.start();
            if (!running.waitFor(INSTALL_MINUTES, TimeUnit.MINUTES)) {
                running.destroyForcibly();
                throw missing(server, "not installed within " + INSTALL_MINUTES + " minutes");
            }
            if (running.exitValue() != 0) {
                throw missing(server, Files.readString(log));
            }
        } finally {
            Files.delete(log);
        }
    }

    /**
     * Starts it on a free port; another process may take the port first, then on another.
     *
     * @param variant {@code before} or {@code after} for its recipe for idle connections; nothing for its cases
     */
    static RunningServer start(GalleryServer server, String upstream, Path log, String... variant) throws IOException {
        for (int i = 1; ; i++) {
            int port = FreePort.find();
            // A session of its own, so that what it starts can be ended with it.
            var command = new ArrayList<>(List.of(
                    "setsid", GalleryServer.FOLDER.resolve("start").toString(), server.id(), Integer.toString(port)));
            command.addAll(List.of(variant));
            var process = SignalledProcess.start(log, Map.of("UPSTREAM", upstream), command);
            var running = new RunningServer(process, port);
            try {
                await().pollInterval(Duration.ofMillis(50))
                        .atMost(PATIENCE)
                        .until(() -> !process.isAlive() || accepts(port));
                if (process.isAlive()) {
                    return running;
                }
            } catch (ConditionTimeoutException e) {
                running.close();
                throw new AssertionError(server.title() + " accepts no connection: " + Files.readString(log), e);
            }
            if (process.awaitExit(1) == OTHER_VERSION) {
                throw missing(server, Files.readString(log));
            }
            running.close();
            if (i == TRIES) {
                throw new AssertionError(server.title() + " ended: " + Files.readString(log));
            }
        }
    }

    /** Says it also where the report of skipped tests has no names. */
    private static AssertionError missing(GalleryServer server, String why) {
        System.err.println("gallery: without " + server.title() + ": " + why.strip());
        throw RealParts.missing(server.title() + ": " + why.strip());
    }

    InetSocketAddress address() {
        return new InetSocketAddress(LOOPBACK, port);
    }

    private static boolean accepts(int port) {
        try (var socket = new Socket(LOOPBACK, port)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    @Override
    public void close() {
        // php-fpm ends its workers, which are sessions of their own, when it is asked to.
        signalGroup("TERM");
        try {
            await().atMost(GRACE).until(() -> !process.isAlive());
        } catch (ConditionTimeoutException e) {
            // it has had its time
        }
        signalGroup("KILL");
        process.close();
    }

    private void signalGroup(String name) {
        try {
            new ProcessBuilder("kill", "-" + name, "--", "-" + process.pid())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor(10, TimeUnit.SECONDS);
        } catch (IOException e) {
            throw new AssertionError(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
