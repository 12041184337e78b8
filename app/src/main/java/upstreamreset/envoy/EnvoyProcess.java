// SPDX-License-Identifier: Apache-2.0
package upstreamreset.envoy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import upstreamreset.envoy.install.EnvoyBinary;
import upstreamreset.envoy.install.EnvoyException;
import upstreamreset.process.Folders;
import upstreamreset.process.GuardedProcess;

/** An Envoy that serves once {@link #start} has returned, and does not outlive this process, however that ends. */
public record EnvoyProcess(
        GuardedProcess process,
        Path folder,
        EnvoyOutput output,
        EnvoyAdmin admin,
        Map<String, InetSocketAddress> listeners)
        implements AutoCloseable {
    /** Long, because the first run of a fresh install reads 100 MB from disk; an Envoy that dies is noticed at once. */
    private static final Duration READY = Duration.ofSeconds(30);

    private static final Duration POLL = Duration.ofMillis(2);

    /** Starts {@code binary} and waits until its admin interface says that it serves. */
    public static EnvoyProcess start(EnvoyBinary binary, EnvoyBootstrap bootstrap)
            throws IOException, InterruptedException {
        // Removed by the guard, so that it goes also when this JVM is killed.
        var folder = Folders.unused("upstream-reset-envoy");
        var process = GuardedProcess.start(command(binary, folder), folder, bootstrap::write);
        try {
            var output = new EnvoyOutput(process.output());
            var wait = new Readiness(binary, output, System.nanoTime() + READY.toNanos());
            var admin = new EnvoyAdmin(wait.until(() -> adminAddress(folder), "admin interface"));
            wait.untilTrue(admin::ready, "LIVE from /ready");
            var listeners = wait.until(() -> Optional.of(admin.listeners()), "response from /listeners");
            for (var cluster : bootstrap.connect(folder, listeners)) {
                var members = "cluster." + cluster + ";.membership_total";
                wait.untilTrue(
                        () -> Long.valueOf(1)
                                .equals(admin.stats("membership_total$").get(members)),
                        "endpoint of " + cluster);
            }
            if (bootstrap.hasOverloadManager()) {
                wait.untilTrue(
                        () -> admin.stats("^overload\\..*\\.pressure$").values().stream()
                                .anyMatch(value -> value > 0),
                        "first reading of the overload manager");
            }
            output.isReady();
            return new EnvoyProcess(process, folder, output, admin, listeners);
        } catch (Throwable e) {
            process.close();
            throw e;
        }
    }

    private static List<String> command(EnvoyBinary binary, Path folder) {
        return List.of(
                binary.path().toString(),
                "--config-path",
                folder.resolve(EnvoyBootstrap.CONFIG).toString(),
                "--admin-address-path",
                folder.resolve("admin").toString(),
                "--disable-hot-restart",
                "--concurrency",
                "1",
                // The access log is written at once, not after 10 s.
                "--file-flush-interval-msec",
                "10",
                "--log-level",
                "error",
                // The codec's own reason for a protocol error is here and nowhere else.
                "--component-log-level",
                "client:debug",
                "--log-format",
                EnvoyOutput.LOG_FORMAT);
    }

    /** Envoy writes the address into the file once the admin interface is bound. */
    private static Optional<InetSocketAddress> adminAddress(Path folder) throws IOException {
        var file = folder.resolve("admin");
        var text = Files.exists(file) ? Files.readString(file).strip() : "";
        int colon = text.lastIndexOf(':');
        return colon < 0
                ? Optional.empty()
                : Optional.of(new InetSocketAddress(
                        InetAddress.ofLiteral(text.substring(0, colon)), Integer.parseInt(text.substring(colon + 1))));
    }

    /** Waits for an Envoy that may die meanwhile. */
    private record Readiness(EnvoyBinary binary, EnvoyOutput output, long deadline) {
        interface Attempt<T> {
            /** Empty: not yet. An exception: not yet either, because an Envoy that boots or dies resets connections. */
            Optional<T> get() throws IOException;
        }

        interface Condition {
            boolean holds() throws IOException;
        }

        void untilTrue(Condition condition, String what) throws EnvoyException, InterruptedException {
            until(() -> condition.holds() ? Optional.of(true) : Optional.empty(), what);
        }

        <T> T until(Attempt<T> attempt, String what) throws EnvoyException, InterruptedException {
            while (true) {
                IOException failure = null;
                try {
                    var result = attempt.get();
                    if (result.isPresent()) {
                        return result.get();
                    }
                } catch (IOException e) {
                    failure = e;
                }
                var subject = "Envoy " + binary.version() + " (" + binary.path() + ") ";
                if (output.awaitEnd(POLL)) {
                    throw new EnvoyException(subject + "ended before it was ready. " + output.lastWords());
                }
                if (System.nanoTime() > deadline) {
                    throw new EnvoyException(
                            "%swas not ready within %d s: no %s%s. %s"
                                    .formatted(
                                            subject,
                                            READY.toSeconds(),
                                            what,
                                            failure == null ? "" : " (" + failure.getMessage() + ")",
                                            output.lastWords()),
                            failure);
                }
            }
        }
    }

    /** The address of the app's sidecar. */
    public InetSocketAddress inbound() {
        return listener(Sidecar.INBOUND);
    }

    /** The address of the sidecar whose listener is called {@code name}. */
    public InetSocketAddress listener(String name) {
        var address = listeners.get(name);
        if (address == null) {
            throw new IllegalArgumentException("no listener " + name + "; there are " + listeners.keySet());
        }
        return address;
    }

    /** Kills Envoy and waits until it is gone: a few milliseconds. A second call does nothing. */
    @Override
    public void close() {
        process.close();
    }
}
