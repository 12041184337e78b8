// SPDX-License-Identifier: Apache-2.0
package upstreamreset.lab;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import upstreamreset.accesslog.AccessLogEntry;
import upstreamreset.accesslog.AccessLogParser;
import upstreamreset.accesslog.LogField;
import upstreamreset.accesslog.ParsedLine;
import upstreamreset.capture.StreamEvent;
import upstreamreset.diagnosis.JudgedResponse;
import upstreamreset.envoy.EnvoyBinary;
import upstreamreset.envoy.EnvoyBootstrap;
import upstreamreset.envoy.EnvoyProcess;
import upstreamreset.scenario.Scenario;
import upstreamreset.scenario.Source;
import upstreamreset.server.AppServer;
import upstreamreset.server.ServeOptions;

/**
 * The app, a tap and a real Envoy as Istio's sidecar configures it, running together from {@link #start} to {@link #close};
 * {@link #reproduce} asks through them, one scenario at a time, from one thread.
 */
public final class Lab implements AutoCloseable {
    /** What curl would send as Host: the name by which the mesh knows the app. */
    private static final String HOST = "http-chunked:8080";

    private static final Duration LOG_TIMEOUT = Duration.ofSeconds(10);

    /** For Envoy to close its connection to the app after it has answered the client. */
    private static final Duration CLOSE_TIMEOUT = Duration.ofMillis(500);

    private final AppServer app;
    private final Tap tap;
    private final EnvoyProcess envoy;
    private final EnvoyBinary binary;
    private final int hops;
    private final Duration patience;

    private Lab(Tap tap, AppServer app, EnvoyProcess envoy, EnvoyBinary binary, Options options) {
        this.tap = tap;
        this.app = app;
        this.envoy = envoy;
        this.binary = binary;
        this.hops = options.clientSidecar() ? 2 : 1;
        this.patience = options.app().period().plusSeconds(10);
    }

    /**
     * What the lab consists of.
     *
     * @param clientSidecar whether a client's sidecar stands in front of the app's, as between two injected Pods
     */
    public record Options(boolean clientSidecar, ServeOptions app) {}

    /**
     * Starts everything on free loopback ports, the app while Envoy boots.
     *
     * @throws IOException when a part does not start; the message says which and why
     */
    public static Lab start(EnvoyBinary binary, Options options) throws IOException, InterruptedException {
        var tap = Tap.open();
        var bootstrap = EnvoyBootstrap.inbound(tap.address());
        var booting = concurrently(
                () -> EnvoyProcess.start(binary, options.clientSidecar() ? bootstrap.withClientSidecar() : bootstrap));
        try {
            var app = AppServer.start(options.app());
            try {
                tap.passOnTo(new InetSocketAddress(
                        InetAddress.getByName(options.app().host()), app.port()));
                return new Lab(tap, app, result(booting), binary, options);
            } catch (IOException | InterruptedException | RuntimeException e) {
                app.close();
                throw e;
            }
        } catch (IOException | InterruptedException | RuntimeException e) {
            tap.close();
            closeWhenBooted(booting);
            throw e;
        }
    }

    private static <T> FutureTask<T> concurrently(Callable<T> work) {
        var task = new FutureTask<>(work);
        Thread.ofPlatform().daemon().name("lab-envoy").start(task);
        return task;
    }

    private static EnvoyProcess result(FutureTask<EnvoyProcess> booting) throws IOException, InterruptedException {
        try {
            return booting.get();
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case IOException io -> throw io;
                case RuntimeException runtime -> throw runtime;
                case null, default -> throw new IllegalStateException(e);
            }
        }
    }

    private static void closeWhenBooted(FutureTask<EnvoyProcess> booting) {
        try {
            result(booting).close();
        } catch (IOException | RuntimeException e) {
            // it did not start either
        } catch (InterruptedException e) {
            booting.cancel(true);
            Thread.currentThread().interrupt();
        }
    }

    /** Where one asks: the sidecar next to the client. */
    public URI uri() {
        return URI.create("http://127.0.0.1:" + entrance().getPort());
    }

    /** Where the app itself listens, without any Envoy. */
    public URI appUri() {
        return app.uri();
    }

    public String envoyVersion() {
        return binary.version();
    }

    /** What one asks for to get {@code scenario}. */
    public static String path(Scenario scenario) {
        return switch (scenario.source()) {
            case Source.App(var path) -> path;
            case Source other -> throw new IllegalArgumentException("the app does not serve " + other);
        };
    }

    private InetSocketAddress entrance() {
        return hops > 1 ? envoy.outbound() : envoy.inbound();
    }

    /** All that passed between Envoy and the app since the start. */
    public List<StreamEvent> events() {
        return tap.events();
    }

    /**
     * Asks for one scenario and says what client, proxies, wire and codec saw.
     *
     * @throws IOException when the lab itself failed: Envoy died, or does not log
     */
    public Reproduction reproduce(Scenario scenario) throws IOException, InterruptedException {
        var path = path(scenario);
        int mark = envoy.output().mark();
        int passed = tap.events().size();
        var answer = Client.get(entrance(), path, HOST, patience);
        var lines = envoy.output().awaitAccessLog(mark, hops, LOG_TIMEOUT);
        var wire = tap.await(
                events -> UpstreamWire.of("GET " + path + " ", events.subList(passed, events.size())),
                UpstreamWire::settled,
                CLOSE_TIMEOUT);
        var codec = envoy.output().codecMessages(mark).stream()
                .flatMap(message -> message.reason().stream())
                .findFirst()
                .orElse("");
        var found = hops(lines);
        var request =
                new JudgedResponse.Request("GET", path, found.getLast().entry().text(LogField.REQUEST_ID));
        return Observation.of(scenario, request, answer, found, wire, codec, binary.version());
    }

    /** The lines in the order of the hops; the proxy next to the app answers, and so logs, before the one before it. */
    private static List<Reproduction.Hop> hops(List<String> lines) throws IOException {
        var parser = AccessLogParser.istio();
        var found = new ArrayList<Reproduction.Hop>();
        for (var line : lines.reversed()) {
            switch (parser.parse(line)) {
                case AccessLogEntry entry ->
                    found.add(new Reproduction.Hop(
                            found.size() == lines.size() - 1
                                    ? Reproduction.Hop.Name.SIDECAR
                                    : Reproduction.Hop.Name.CLIENT_SIDECAR,
                            line,
                            entry));
                case ParsedLine.Misfit misfit ->
                    throw new IOException("Envoy's access log is not in Istio's format: " + misfit.why());
            }
        }
        return found;
    }

    @Override
    public void close() {
        envoy.close();
        tap.close();
        app.close();
    }
}
