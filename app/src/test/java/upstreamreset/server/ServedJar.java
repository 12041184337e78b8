// SPDX-License-Identifier: Apache-2.0
package upstreamreset.server;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import upstreamreset.testing.RealParts;

/** The jar as a process of its own that serves on a free port, without an election. */
final class ServedJar {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Pattern LISTENING = Pattern.compile("Listening on http://127\\.0\\.0\\.1:(\\d+)\n");

    private final Path log;
    private final Process process;

    /**
     * Starts it.
     *
     * @param log receives what it says on stdout and stderr
     * @param launcher what runs the command that follows, if not we ourselves
     * @param flags of the JVM
     */
    ServedJar(Path log, List<String> launcher, List<String> flags, String... options) throws IOException {
        this.log = log;
        var command = new ArrayList<>(launcher);
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(flags);
        command.addAll(List.of("-jar", RealParts.jar().toAbsolutePath().toString()));
        command.addAll(List.of("serve", "--port=0", "--election=off"));
        command.addAll(List.of(options));
        process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
    }

    /** Waits until it listens, and returns where. */
    InetSocketAddress address() {
        int port = await().atMost(PATIENCE).until(this::port, found -> found > 0);
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }

    /** 0 before it listens. */
    private int port() throws IOException {
        var found = LISTENING.matcher(said());
        return found.find() ? Integer.parseInt(found.group(1)) : 0;
    }

    Process process() {
        return process;
    }

    String said() throws IOException {
        return Files.readString(log);
    }

    /** Kills it, and waits until it has gone. */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }
}
