// SPDX-License-Identifier: Apache-2.0
package upstreamreset.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import upstreamreset.envoy.EnvoyBootstrap;
import upstreamreset.envoy.EnvoyProcess;
import upstreamreset.testing.RealParts;

/** The jar with the image's flags, in a cgroup with the Pod's limit where one can be made, among clients made by chance. */
class HostileClientsIT {
    private static final long SEED = Long.getLong("hostile.seed", 20_261_129);
    private static final int CLIENTS = Integer.getInteger("hostile.clients", 1_500);
    private static final int AT_ONCE = 400;
    private static final long LIMIT = 256L << 20;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    Path folder;

    private @Nullable Path cgroup;
    private ServedJar app;
    private InetSocketAddress address;

    @BeforeEach
    void start() throws Exception {
        cgroup = cgroup();
        var inCgroup = List.of(
                "/bin/sh",
                "-c",
                "[ -z \"$0\" ] || echo $$ >\"$0\"; exec \"$@\"",
                cgroup == null ? "" : cgroup.resolve("cgroup.procs").toString());
        app = new ServedJar(folder.resolve("log"), inCgroup, imageFlags(), "--lame-duck=0", "--drain=1s");
        address = app.address();
    }

    @AfterEach
    void end() throws Exception {
        app.kill();
        if (cgroup != null) {
            await().ignoreExceptions().until(() -> Files.deleteIfExists(cgroup) || !Files.exists(cgroup));
        }
    }

    @Test
    void straight() throws Exception {
        hold(address);
    }

    @Test
    void throughEnvoy() throws Exception {
        try (var envoy = EnvoyProcess.start(RealParts.envoy(), EnvoyBootstrap.inbound(address))) {
            hold(envoy.inbound());
        }
    }

    /** Lets the clients loose at {@code target}: the app's probes, and those through it, are answered meanwhile, and nothing is left. */
    private void hold(InetSocketAddress target) throws Exception {
        // Given
        int files = files();
        long resident = resident();
        assertThat(probe(target)).isEqualTo("200");

        // When
        var random = new Random(SEED);
        var room = new Semaphore(AT_ONCE);
        long memory = 0;
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < CLIENTS; i++) {
                room.acquire();
                var client = new HostileClient(target, new Random(random.nextLong()));
                threads.execute(() -> {
                    client.run();
                    room.release();
                });
                if (i % 100 == 0) {
                    assertThat(probe(target))
                            .as("client " + i + " of seed " + SEED)
                            .isEqualTo("200");
                    memory = Math.max(memory, resident());
                }
            }
        }

        // Then
        assertThat(probe(target)).isEqualTo("200");
        assertThat(app.process().isAlive()).isTrue();
        assertThat(memory).isLessThan(LIMIT);
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(files()).isLessThanOrEqualTo(files + 5));
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(metrics()).contains("request_memory_bytes 0.0", "streams_open 0.0"));
        // What the JVM itself has compiled and loaded meanwhile stays.
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(resident()).isLessThan(resident + (48 << 20)));
        assertThat(app.said()).doesNotContain("Exception");
        app.process().destroy();
        assertThat(app.process().waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                .isTrue();
        assertThat(app.process().exitValue()).isZero();
    }

    private static String probe(InetSocketAddress target) throws IOException {
        return ask(target, "/health").substring("HTTP/1.1 ".length(), "HTTP/1.1 200".length());
    }

    private String metrics() throws IOException {
        return ask(address, "/metrics");
    }

    private static String ask(InetSocketAddress target, String path) throws IOException {
        try (var socket = new Socket()) {
            socket.setSoTimeout(60_000);
            socket.connect(target, 60_000);
            socket.getOutputStream()
                    .write(("GET " + path + " HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private int files() throws IOException {
        try (var files = Files.list(Path.of("/proc/" + app.process().pid() + "/fd"))) {
            return (int) files.count();
        }
    }

    private long resident() throws IOException {
        var match = Pattern.compile("VmRSS:\\s+(\\d+) kB")
                .matcher(Files.readString(Path.of("/proc/" + app.process().pid() + "/status")));
        assertThat(match.find()).isTrue();
        return Long.parseLong(match.group(1)) << 10;
    }

    private static List<String> imageFlags() throws Exception {
        var bash = new ProcessBuilder(
                        "bash",
                        "-c",
                        ". ../scripts/lib/java-flags.sh; java_flags serve; printf '%s\n' \"${JAVA_FLAGS[@]}\"")
                .start();
        var flags = new ArrayList<>(bash.inputReader().lines().toList());
        assertThat(flags).isNotEmpty();
        flags.removeIf(flag -> flag.startsWith("-Xmx"));
        flags.addAll(List.of("-Xmx128m", "-XX:+ExitOnOutOfMemoryError"));
        return flags;
    }

    /** Null where this user may make none. */
    private static @Nullable Path cgroup() {
        boolean first = Files.isDirectory(Path.of("/sys/fs/cgroup/memory"));
        var parent = Path.of(first ? "/sys/fs/cgroup/memory" : "/sys/fs/cgroup");
        var own =
                parent.resolve("upstream-reset-test-" + ProcessHandle.current().pid() + "-" + System.nanoTime());
        try {
            Files.createDirectory(own);
            Files.writeString(own.resolve(first ? "memory.limit_in_bytes" : "memory.max"), Long.toString(LIMIT));
            return own;
        } catch (IOException e) {
            own.toFile().delete();
            return null;
        }
    }
}
