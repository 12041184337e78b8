// SPDX-License-Identifier: Apache-2.0
package upstreamreset.server;

import io.undertow.UndertowOptions;
import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import io.undertow.server.protocol.http.HttpOpenListener;
import io.undertow.util.StatusCodes;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.xnio.IoUtils;
import org.xnio.OptionMap;
import org.xnio.Options;
import org.xnio.StreamConnection;
import org.xnio.Xnio;
import org.xnio.XnioWorker;
import org.xnio.channels.AcceptingChannel;
import upstreamreset.election.Candidacy;
import upstreamreset.scenario.Catalogue;
import upstreamreset.site.LiveFeed;
import upstreamreset.site.RecentAnswers;

/**
 * The running app: listens from {@link #start} to {@link #close}; {@link #drain} waits for the running streams to end.
 *
 * <p>Everything runs on a few IO threads: no handler blocks, and no worker thread ever starts.
 */
public final class AppServer implements AutoCloseable {
    static {
        // XNIO registers MBeans, which nobody reads, and does without them where there is no MBean server. To make
        // that server takes 40 % of a start; a builder of this name does not exist, so none is made.
        System.setProperty("javax.management.builder.initial", "none");
    }

    /** For the viewers' last bytes, which are few; one that does not read is cut off. */
    private static final Duration MAX_GOODBYE = Duration.ofSeconds(2);

    private final ServeOptions options;
    private final Streams streams = new Streams();
    private final RecentAnswers answers;
    private final LiveHandler live;
    private final XnioWorker worker;
    private final BufferPool buffers = new BufferPool();
    private final Connections connections;
    private final AcceptingChannel<? extends StreamConnection> listener;
    private final HeapReturn heapReturn = new HeapReturn();
    private volatile boolean draining;

    private AppServer(
            ServeOptions options, Limits limits, Supplier<Map<String, String>> status, Supplier<Candidacy> election)
            throws IOException {
        this.options = options;
        connections = new Connections(limits);
        answers = new RecentAnswers(options.live());
        live = new LiveHandler(
                options.live(),
                new LiveFeed(answers, () -> election.get().terms()),
                Hostname.ours(),
                limits.silentEvents());
        worker = Xnio.getInstance(AppServer.class.getClassLoader()).createWorker(workerOptions());
        try {
            var open = new HttpOpenListener(
                    buffers,
                    OptionMap.builder()
                            // The connection's guard is stricter, and has a sentence for it.
                            .set(UndertowOptions.MAX_HEADER_SIZE, 2 * Limits.MAX_HEAD_BYTES)
                            .set(UndertowOptions.MAX_HEADERS, Limits.MAX_FIELD_LINES)
                            .set(UndertowOptions.MAX_PARAMETERS, 2 * Limits.MAX_PARAMETERS)
                            // A body is discarded as it comes: it takes no memory.
                            .set(UndertowOptions.MAX_ENTITY_SIZE, -1L)
                            .getMap());
            var catalogue = new Catalogue();
            open.setRootHandler(routes(status, election, catalogue));
            listener = Listener.bind(
                    worker,
                    options,
                    connection -> connections.accept(connection, guard -> {
                        ResponseHeadConduit.install(connection, guard.turn());
                        Http2PrefaceConduit.install(connection, guard, catalogue, answers);
                        open.handleEvent(connection);
                    }));
            listener.resumeAccepts();
        } catch (IOException | RuntimeException e) {
            worker.shutdownNow();
            buffers.close();
            throw e;
        }
    }

    /** Starts the app on its own. */
    public static AppServer start(ServeOptions options) throws IOException {
        return start(options, Limits.STANDARD);
    }

    /** Starts the app on its own, within limits of the caller's choice. */
    static AppServer start(ServeOptions options, Limits limits) throws IOException {
        var status = Map.of("hostname", Hostname.ours());
        return new AppServer(options, limits, () -> status, () -> Candidacy.NONE);
    }

    /**
     * Starts the app beside an election.
     *
     * @param election of which {@code /}, {@code /health} and {@code /metrics} tell; {@code /ready} does not depend on it
     * @throws IOException if it cannot listen; the message says where and what to do
     */
    public static AppServer start(ServeOptions options, String version, Supplier<Candidacy> election)
            throws IOException {
        var hostname = Hostname.ours();
        Supplier<Map<String, String>> status = () -> {
            var values = new LinkedHashMap<String, String>();
            values.put("hostname", hostname);
            values.put("leader", election.get().status().leaderHostname());
            values.put("version", version);
            return values;
        };
        return new AppServer(options, Limits.STANDARD.within(OpenFiles.max()), status, election);
    }

    /** The port that it listens on. */
    public int port() {
        return listener.getLocalAddress(InetSocketAddress.class).getPort();
    }

    /** Its address, for example {@code http://127.0.0.1:8080}. */
    public URI uri() {
        var host = options.host().contains(":") ? "[" + options.host() + "]" : options.host();
        return URI.create("http://" + host + ":" + port());
    }

    /** How many streams run. */
    public long streams() {
        return streams.running();
    }

    /** To be called each second by the process that serves: gives memory back when a rush is over. */
    public void everySecond() {
        if (heapReturn.isDue(
                connections.count(),
                connections.memory().taken(),
                Runtime.getRuntime().totalMemory())) {
            System.gc();
        }
    }

    /** Not ready any more; everything is still answered. */
    public void refuseReadiness() {
        draining = true;
    }

    /** Not ready any more and no new streams; waits for the running ones for the configured time. Returns how many still run. */
    public long drain() throws InterruptedException {
        draining = true;
        live.stop();
        streams.close();
        long left = streams.awaitNone(options.drain());
        live.awaitNone(MAX_GOODBYE);
        return left;
    }

    /** Stops at once; a stream that still runs is cut off. Does nothing the second time, when XNIO would wait for ever. */
    @Override
    public void close() {
        if (worker.isShutdown()) {
            return;
        }
        draining = true;
        IoUtils.safeClose(listener);
        worker.shutdownNow();
        try {
            worker.awaitTermination(5, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        buffers.close();
    }

    private HttpHandler routes(
            Supplier<Map<String, String>> status, Supplier<Candidacy> election, Catalogue catalogue) {
        var metrics = new MetricsHandler(streams, connections, election);
        var correct = stream("correct", "chunked");
        var wrong = stream("wrong", "Chunked", "chunked");
        var about = new AboutHandler(Map.of("/correct", correct, "/wrong", wrong));
        return new Admission(new Routes(metrics)
                .add("/", new HomeHandler(status, options.live()))
                .add(PageFilesHandler.PREFIX, new PageFilesHandler(catalogue, options))
                .add("/events", live)
                .add("/correct", correct)
                .add("/wrong", wrong)
                .add("/scenarios", new ScenariosHandler(catalogue))
                .add(ScenarioHandler.PREFIX, new ScenarioHandler(catalogue, about, answers))
                .add("/health", exchange -> health(exchange, election.get().unhealthy()))
                .add("/ready", this::ready)
                .add("/metrics", metrics));
    }

    private StreamHandler stream(String name, String... transferCodings) {
        return new StreamHandler(List.of(transferCodings), options, streams, new Answered(answers, name));
    }

    /** Not healthy, with the reason, when only a restart helps. */
    private static void health(HttpServerExchange exchange, Optional<String> unhealthy) {
        int status = unhealthy.isPresent() ? StatusCodes.SERVICE_UNAVAILABLE : StatusCodes.OK;
        Responses.text(exchange, status, unhealthy.orElse("healthy"));
    }

    /** Whether new requests should come here. */
    private void ready(HttpServerExchange exchange) {
        int status = draining ? StatusCodes.SERVICE_UNAVAILABLE : StatusCodes.OK;
        Responses.text(exchange, status, draining ? "draining" : "ready");
    }

    private static OptionMap workerOptions() {
        return OptionMap.builder()
                .set(Options.WORKER_NAME, "app")
                .set(Options.WORKER_IO_THREADS, Math.min(2, Runtime.getRuntime().availableProcessors()))
                .set(Options.WORKER_TASK_CORE_THREADS, 0)
                .set(Options.WORKER_TASK_MAX_THREADS, 1)
                .set(Options.CONNECTION_HIGH_WATER, 1_000_000)
                .set(Options.CONNECTION_LOW_WATER, 1_000_000)
                .getMap();
    }
}
