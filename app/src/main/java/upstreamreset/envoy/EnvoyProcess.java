// SPDX-License-Identifier: Apache-2.0
package upstreamreset.envoy;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** A running Envoy that is ready when {@link #start} returns, and that ends with us however we end. */
public final class EnvoyProcess implements AutoCloseable {
    /** Generous, because the first run of a fresh install reads 100 MB from disk; an Envoy that dies is noticed at once. */
    private static final Duration READY = Duration.ofSeconds(30);

    private static final Duration POLL = Duration.ofMillis(2);
    private static final Duration GRACE = Duration.ofSeconds(5);

    private final GuardedProcess process;
    private final EnvoyOutput output;
    private final EnvoyAdmin admin;
    private final Map<String, InetSocketAddress> listeners;

    private EnvoyProcess(
            GuardedProcess process, EnvoyOutput output, EnvoyAdmin admin, Map<String, InetSocketAddress> listeners) {
        this.process = process;
        this.output = output;
        this.admin = admin;
        this.listeners = listeners;
    }

    /** Starts {@code binary} and waits until its admin interface says that it serves. */
    public static EnvoyProcess start(EnvoyBinary binary, EnvoyBootstrap bootstrap)
            throws IOException, InterruptedException {
        // Removed by the guard, so that it goes also when this JVM is killed.
        var folder = Files.createTempDirectory("upstream-reset-envoy");
        bootstrap.write(folder);
        var process = GuardedProcess.start(command(binary, folder), Map.of(), folder);
        try {
            var output = new EnvoyOutput(process.output());
            var wait = new Readiness(binary, output, System.nanoTime() + READY.toNanos());
            var admin = new EnvoyAdmin(wait.forAdmin(folder));
            wait.until(admin::ready, "/ready");
            var listeners = admin.listeners();
            for (var cluster : bootstrap.connect(folder, listeners)) {
                var members = "cluster." + cluster + ";.membership_total";
                wait.until(
                        () -> Long.valueOf(1)
                                .equals(admin.stats("membership_total").get(members)),
                        "endpoint of " + cluster);
            }
            output.isReady();
            return new EnvoyProcess(process, output, admin, listeners);
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

    /** Waiting for an Envoy that may die meanwhile. */
    private record Readiness(EnvoyBinary binary, EnvoyOutput output, long until) {
        interface Condition {
            boolean holds() throws IOException;
        }

        void until(Condition condition, String what) throws IOException, InterruptedException {
            while (!holds(condition)) {
                if (output.awaitEnd(POLL)) {
                    throw new EnvoyException("Envoy " + binary.version() + " (" + binary.path()
                            + ") ended before it was ready. " + output.lastWordsSentence());
                }
                if (System.nanoTime() > until) {
                    throw new EnvoyException(
                            "Envoy " + binary.version() + " (" + binary.path() + ") was not ready within "
                                    + READY.toSeconds() + " s: no " + what + ". " + output.lastWordsSentence());
                }
            }
        }

        private static boolean holds(Condition condition) throws IOException {
            try {
                return condition.holds();
            } catch (ConnectException e) {
                return false;
            }
        }

        /** Envoy writes the address into the file once the admin interface is bound. */
        InetSocketAddress forAdmin(Path folder) throws IOException, InterruptedException {
            var file = folder.resolve("admin");
            var found = new String[] {""};
            until(
                    () -> {
                        try {
                            found[0] = Files.readString(file).strip();
                        } catch (NoSuchFileException e) {
                            return false;
                        }
                        return found[0].contains(":");
                    },
                    "admin interface");
            int colon = found[0].lastIndexOf(':');
            return new InetSocketAddress(
                    InetAddress.ofLiteral(found[0].substring(0, colon)),
                    Integer.parseInt(found[0].substring(colon + 1)));
        }
    }

    /** Where the app's sidecar listens. */
    public InetSocketAddress inbound() {
        return listener(Sidecar.INBOUND);
    }

    /** Where the client's sidecar listens; only in a bootstrap with one. */
    public InetSocketAddress outbound() {
        return listener(Sidecar.OUTBOUND);
    }

    /** Where the sidecar whose listener is called {@code name} listens. */
    public InetSocketAddress listener(String name) {
        var address = listeners.get(name);
        if (address == null) {
            throw new IllegalArgumentException("no listener " + name + "; there are " + listeners.keySet());
        }
        return address;
    }

    public EnvoyAdmin admin() {
        return admin;
    }

    public EnvoyOutput output() {
        return output;
    }

    /** The process id of Envoy itself. */
    public long pid() {
        return process.pid();
    }

    /** The process id of the guard. */
    long guardPid() {
        return process.guardPid();
    }

    public boolean isAlive() {
        return !output.ended();
    }

    /** Lets Envoy end by itself (SIGTERM: it flushes its logs), then {@link #close}s. */
    public void closeGracefully() throws InterruptedException {
        try {
            process.signal("TERM");
            output.awaitEnd(GRACE);
        } catch (IOException e) {
            // The guard is gone: close sees to Envoy.
        } finally {
            close();
        }
    }

    /** Kills Envoy and waits until it is gone: a few milliseconds. Again does nothing. */
    @Override
    public void close() {
        process.close();
    }
}
