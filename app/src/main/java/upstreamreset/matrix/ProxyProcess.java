// SPDX-License-Identifier: Apache-2.0
package upstreamreset.matrix;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import upstreamreset.process.Folders;
import upstreamreset.process.GuardedProcess;
import upstreamreset.process.OutputLines;
import upstreamreset.process.ProgramException;
import upstreamreset.scenario.Request;
import upstreamreset.scenario.Scenario;

/**
 * A running reverse proxy with a route to each scenario's app; it and its folder disappear with this process, however
 * that ends.
 */
record ProxyProcess(ProxyKind kind, Map<String, ProxyKind.Way> ways, GuardedProcess process, OutputLines output)
        implements HttpImplementation {
    /** A configuration of two hundred servers is read in well under a second. */
    static final Duration READY = Duration.ofSeconds(10);

    private static final Duration POLL = Duration.ofMillis(5);

    /**
     * Starts a proxy for {@code scenarios} and waits until it listens, but not longer than {@code ready}.
     *
     * @throws ProgramException when it does not; the message has its last words
     */
    static ProxyProcess start(ProxyKind kind, List<Scenario> scenarios, Origins origins, Duration ready)
            throws IOException, InterruptedException {
        // Removed by the guard, so that it goes also when this JVM is killed.
        var folder = Folders.unused("upstream-reset-proxy");
        var ways = new LinkedHashMap<String, ProxyKind.Way>();
        for (var scenario : scenarios) {
            var socket = folder.resolve(ways.size() + ".sock");
            ways.putIfAbsent(
                    scenario.name(),
                    new ProxyKind.Way(socket, origins.address(scenario).getPort()));
        }
        var config = folder.resolve("config");
        var process = GuardedProcess.start(
                kind.command(folder, config),
                folder,
                _ -> Files.writeString(config, kind.config(folder, List.copyOf(ways.values()))));
        var proxy = new ProxyProcess(kind, ways, process, OutputLines.last(process));
        try {
            proxy.awaitReady(ready);
            return proxy;
        } catch (Throwable e) {
            proxy.close();
            throw e;
        }
    }

    private void awaitReady(Duration ready) throws IOException, InterruptedException {
        long until = System.nanoTime() + ready.toNanos();
        for (var way : ways.values()) {
            while (!listens(way.socket())) {
                if (output.ended(POLL)) {
                    throw failed("ended before it listened");
                }
                if (System.nanoTime() > until) {
                    throw failed("did not listen within " + ready.toSeconds() + " s");
                }
            }
        }
    }

    private static boolean listens(Path socket) {
        try (var _ = ProxiedRequest.connect(socket)) {
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private ProgramException failed(String how) {
        var words = String.join(" / ", output.lines());
        return new ProgramException(kind.title() + " " + how + (words.isEmpty() ? "" : "; its last words: " + words));
    }

    @Override
    public String title() {
        return kind.title();
    }

    @Override
    public Optional<String> cannot(Request request) {
        return Optional.empty();
    }

    @Override
    public ObservedResponse ask(Scenario scenario) throws IOException, InterruptedException {
        if (!output.open()) {
            throw failed("ended while it was asked");
        }
        var way = ways.get(scenario.name());
        if (way == null) {
            throw new IllegalArgumentException("the proxy was not started for " + scenario.name());
        }
        return ProxiedRequest.ask(way.socket(), scenario, PATIENCE);
    }

    @Override
    public void close() {
        process.close();
    }
}
