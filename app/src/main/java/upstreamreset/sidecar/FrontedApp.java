// SPDX-License-Identifier: Apache-2.0
package upstreamreset.sidecar;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import upstreamreset.envoy.EnvoyBootstrap;
import upstreamreset.envoy.EnvoyProcess;
import upstreamreset.envoy.Sidecar;
import upstreamreset.envoy.install.EnvoyBinary;
import upstreamreset.envoy.install.EnvoyException;
import upstreamreset.lab.Tap;
import upstreamreset.scenario.ConfigEdit;
import upstreamreset.scenario.Mesh;
import upstreamreset.tcp.StreamEvent;

/**
 * An app that runs elsewhere, with a tap and a real Envoy in front of it, and a record of the traffic; it listens on
 * loopback only.
 */
public final class FrontedApp implements AutoCloseable {
    private static final String HTTP_2 = """
            {"typedExtensionProtocolOptions":{"envoy.extensions.upstreams.http.v3.HttpProtocolOptions":{\
            "@type":"type.googleapis.com/envoy.extensions.upstreams.http.v3.HttpProtocolOptions",\
            "explicitHttpConfig":{"http2ProtocolOptions":{}}}}}""";

    private final String envoyVersion;
    private final Tap tap;
    private final EnvoyProcess envoy;
    private final String entrance;
    private final LiveLog log;

    private FrontedApp(String envoyVersion, Tap tap, EnvoyProcess envoy, String entrance, LiveLog log) {
        this.envoyVersion = envoyVersion;
        this.tap = tap;
        this.envoy = envoy;
        this.entrance = entrance;
        this.log = log;
    }

    /**
     * The proxies in front of the app.
     *
     * @param http2 whether the app speaks HTTP/2 without TLS, as behind a port named http2 or grpc
     * @param port where to listen, 0 for a free port
     * @param keptBytes how much memory is for {@link #events}
     */
    public record Options(boolean clientSidecar, boolean http2, Mesh mesh, int port, long keptBytes) {}

    /**
     * Starts tap and Envoy in front of an app.
     *
     * @throws IOException when Envoy does not start, or the port is taken; the message is one sentence
     */
    public static FrontedApp start(
            EnvoyBinary binary, InetSocketAddress app, Options options, Consumer<String> complaints)
            throws IOException, InterruptedException {
        checkFree(options.port());
        var tap = new Tap(options.keptBytes(), Tap.MAX_CONNECTIONS);
        try {
            var port = tap.port();
            port.passOnTo(app);
            var log = new LiveLog(binary.version(), complaints);
            tap.listen(log::add, complaints);
            tap.listenUnreached(log::addUnreached);
            var sidecars = sidecars(port.address(), options);
            var envoy = EnvoyProcess.start(binary, new EnvoyBootstrap(sidecars));
            return new FrontedApp(
                    binary.version(), tap, envoy, sidecars.getLast().listener(), log);
        } catch (IOException | InterruptedException | RuntimeException e) {
            tap.close();
            throw e;
        }
    }

    private static List<Sidecar> sidecars(InetSocketAddress tap, Options options) {
        var edits = new ArrayList<ConfigEdit>();
        if (options.http2()) {
            edits.add(new ConfigEdit(ConfigEdit.Part.CLUSTER, HTTP_2));
        }
        edits.addAll(options.mesh().sidecar());
        boolean client = options.clientSidecar() || options.mesh().client().isPresent();
        var port = new ConfigEdit(
                ConfigEdit.Part.LISTENER,
                "{\"address\":{\"socketAddress\":{\"portValue\":%d}}}".formatted(options.port()));
        if (!client) {
            edits.addFirst(port);
            return List.of(new Sidecar(Sidecar.INBOUND, new Sidecar.App(tap), edits));
        }
        var ofClient = new ArrayList<>(options.mesh().client().orElse(List.of()));
        ofClient.addFirst(port);
        return List.of(
                new Sidecar(Sidecar.INBOUND, new Sidecar.App(tap), edits),
                new Sidecar(Sidecar.OUTBOUND, new Sidecar.Upstream(Sidecar.INBOUND, true), ofClient));
    }

    /** Envoy itself would say it in more words, and later. */
    private static void checkFree(int port) throws IOException {
        if (port == 0) {
            return;
        }
        try (var _ = new ServerSocket(port, 1, InetAddress.ofLiteral("127.0.0.1"))) {
            return;
        } catch (IOException e) {
            throw new EnvoyException(
                    "port %d is taken, or not yours to take (%s); give another one with --port"
                            .formatted(port, e.getMessage()),
                    e);
        }
    }

    /** Whether a client's sidecar is in front of the app's. */
    boolean hasClientSidecar() {
        return !entrance.equals(Sidecar.INBOUND);
    }

    public String envoyVersion() {
        return envoyVersion;
    }

    /** The address for clients. */
    public InetSocketAddress address() {
        return envoy.listener(entrance);
    }

    /** The same as a URL of the app's resource {@code target}. */
    public URI uri(String target) {
        return URI.create("http://127.0.0.1:" + address().getPort() + target);
    }

    /** Hands on each request as it has passed, until Envoy ends or no more are wanted. */
    public void follow(LiveLog.Listener listener) throws IOException, InterruptedException {
        log.follow(envoy.output(), 0, listener);
    }

    /** The kept traffic between Envoy and the app. */
    public List<StreamEvent> events() {
        return tap.events();
    }

    /** Whether more passed than is kept. */
    public boolean overflown() {
        return tap.overflown();
    }

    /** How many requests and connections were not shown whole, a sentence for each reason. */
    public List<String> remarks() {
        var remarks = new ArrayList<String>();
        if (log.unseen() > 0) {
            remarks.add("requests that were shown without their bytes: " + log.unseen());
        }
        if (tap.refused() > 0) {
            remarks.add("connections to the app that were reset here and not by the app: " + tap.refused());
        }
        return remarks;
    }

    /** Why Envoy has ended, in its own words; empty while it runs. */
    public Optional<String> ended() {
        return envoy.output().ending();
    }

    @Override
    public void close() {
        envoy.close();
        tap.close();
    }
}
