// SPDX-License-Identifier: Apache-2.0
package upstreamreset.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import upstreamreset.framework.Framework;
import upstreamreset.output.Durations;
import upstreamreset.probe.Target;
import upstreamreset.scenario.Mesh;
import upstreamreset.scenario.MeshFile;
import upstreamreset.sidecar.AppAddress;
import upstreamreset.sidecar.AppProcess;
import upstreamreset.sidecar.AskedRequest;
import upstreamreset.sidecar.Asker;
import upstreamreset.sidecar.FrontedApp;
import upstreamreset.wire.Printable;

/** {@code sidecar}: a real sidecar in front of the user's own app. */
final class SidecarCommand extends Command {
    private static final Duration MAX_TIME = Duration.ofHours(24);
    private static final Duration START = Duration.ofSeconds(60);
    private static final int MAX_MESH_BYTES = 1 << 20;

    private final List<String> words = new ArrayList<>();
    private boolean clientSidecar;
    private boolean http2;
    private int port;
    private @Nullable Path mesh;
    private final List<String> asked = new ArrayList<>();
    private String timeout = "10s";
    private @Nullable String start;
    private final SidecarFiles files = new SidecarFiles();
    private final EnvoyOptions envoy = new EnvoyOptions();
    private final FrameworkOption madeWith = new FrameworkOption();
    private Optional<Framework> framework = Optional.empty();
    private final CiOutputOption output = new CiOutputOption();
    private final AtomicBoolean ending = new AtomicBoolean();
    private volatile boolean found;

    @Override
    void describe(Syntax syntax) {
        syntax.help()
                .description(
                        "Puts a real Envoy, configured as istiod configures a sidecar, in front of your app. For"
                                + " each request, it shows the access-log line and, if something is wrong, the"
                                + " rule and the bytes.",
                        "",
                        "Listens on loopback only, until Ctrl-C. With --ask it sends the requests itself, and"
                                + " exits 0 if nothing is wrong.")
                .footer(
                        "%nExamples:",
                        "  upstream-reset sidecar localhost:3000",
                        "  upstream-reset sidecar localhost:3000 --ask /orders -- npm start");
        syntax.operands("URL", 1, words)
                .paramLabel("URL [-- COMMAND...]")
                .hideParamSyntax(true)
                .description("Where the app listens: localhost:3000, or 3000. After --, its command line: sidecar"
                        + " starts it, copies its output to stderr, and ends it at the end.");
        syntax.repeated("--ask", "PATH", String.class, asked)
                .description("Request this path and exit: 0 if nothing is wrong, 1 if something is. Repeatable.");
        syntax.option("--timeout", "TIME", String.class, value -> timeout = value)
                .description("Timeout of each response to --ask. Default: " + timeout + ".");
        syntax.option("--wait", "TIME", String.class, value -> start = value)
                .description("How long to wait for the app to listen. Default: 0s, with a COMMAND 60s.");
        syntax.option("--port", "N", Integer.class, value -> port = value)
                .description("Listen on this port. Default: a free one.");
        syntax.flag("--with-client-sidecar", value -> clientSidecar = value)
                .description("Chain the client's sidecar in front of the app's.");
        syntax.flag("--http2", value -> http2 = value)
                .description("Speak HTTP/2 to the app, as to a port named http2 or grpc.");
        syntax.option("--mesh", "FILE", Path.class, value -> mesh = value)
                .description("Changes to the configuration: lines 'sidecar PART {...}' or 'client PART {...}', or one"
                        + " JSON object with the parts as keys. Parts: listener, manager, route, cluster,"
                        + " bootstrap.");
        files.addTo(syntax);
        envoy.addRunTo(syntax);
        madeWith.addTo(syntax);
        output.addTo(syntax);
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        var target = usage(() -> target(words.getFirst()));
        var command = command();
        var options = options();
        var patience = usage(() -> time("--timeout", timeout));
        if (patience.isZero()) {
            throw misuse("--timeout is more than 0s");
        }
        var starting = usage(() -> start == null ? command.isEmpty() ? Duration.ZERO : START : time("--wait", start));
        var paths = usage(() -> asked.stream().map(SidecarCommand::path).toList());
        usage(envoy::checkRun);
        framework = usage(madeWith::framework);
        files.check(this, !paths.isEmpty(), mesh);
        var address = new AppAddress(target.host(), target.port());
        var binary = envoy.binary(err());
        try (var app = command.isEmpty() ? null : start(command, address);
                var fronted = FrontedApp.start(binary, listening(address, starting, app), options, err()::println)) {
            err().printf("Envoy %s, configured as istiod configures a sidecar%n", binary.version());
            return paths.isEmpty() ? follow(fronted, app, target) : ask(fronted, paths, patience, target);
        }
    }

    private static Target target(String text) {
        var target = Target.parse(text.matches(":?[0-9]{1,5}") ? "localhost:" + text.replace(":", "") : text);
        if (target.tls()) {
            throw new IllegalArgumentException(
                    "a sidecar sees no HTTP if the app speaks TLS itself: Envoy passes the bytes on unread; let"
                            + " the app listen in plain text, as on a port named http");
        }
        return target;
    }

    private static Target path(String path) {
        if (!path.startsWith("/")) {
            throw new IllegalArgumentException(
                    "--ask expects a path that begins with /, not '" + Printable.of(path) + "'");
        }
        return Target.parse("http://localhost" + path);
    }

    private List<String> command() {
        var command = words.subList(1, words.size());
        if (!command.isEmpty() && !separated()) {
            throw misuse("'" + command.getFirst() + "' is one word too many; a COMMAND follows --");
        }
        return List.copyOf(command);
    }

    private FrontedApp.Options options() throws IOException {
        if (port != 0) {
            usage(() -> checkPort(port));
        }
        return new FrontedApp.Options(
                clientSidecar, http2, mesh(), port, files.wantTraffic() ? SidecarFiles.MAX_BYTES : 0);
    }

    private Mesh mesh() throws IOException {
        if (mesh == null) {
            return new Mesh(List.of(), Optional.empty());
        }
        if (!Files.isReadable(mesh) || Files.isDirectory(mesh)) {
            throw new IOException("--mesh: there is no file " + Printable.of(mesh.toString()) + " that can be read");
        }
        try (var in = Files.newInputStream(mesh)) {
            var bytes = in.readNBytes(MAX_MESH_BYTES + 1);
            if (bytes.length > MAX_MESH_BYTES) {
                throw new IllegalArgumentException("it has more than " + (MAX_MESH_BYTES >> 20) + " MB");
            }
            return MeshFile.parse(new String(bytes, StandardCharsets.UTF_8));
        } catch (IllegalArgumentException e) {
            throw misuse("--mesh " + Printable.of(mesh.toString()) + ": " + e.getMessage());
        }
    }

    private static Duration time(String option, String text) {
        var time = Durations.parse(option, text);
        if (time.compareTo(MAX_TIME) > 0) {
            throw new IllegalArgumentException(option + " must be at most " + Durations.text(MAX_TIME));
        }
        return time;
    }

    private AppProcess start(List<String> command, AppAddress address) throws IOException {
        if (address.listening().isPresent()) {
            throw new IOException(
                    "something already listens on %s port %d and would get the requests instead of your app; stop it"
                            .formatted(address.host(), address.port()));
        }
        return usage(() -> {
            try {
                return AppProcess.start(command, System.getenv(), line -> err().println(Printable.line(line)));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    private InetSocketAddress listening(AppAddress address, Duration time, @Nullable AppProcess app)
            throws IOException, InterruptedException {
        var found = address.await(time, () -> {
            if (app != null && app.hasEnded()) {
                throw new IOException("%s before it listened on port %d".formatted(app.obituary(), address.port()));
            }
        });
        if (found.isPresent()) {
            return found.get();
        }
        var nobody = "nothing listens on %s port %d%s"
                .formatted(
                        Printable.of(address.host()),
                        address.port(),
                        time.isZero() ? "" : " after " + Durations.text(time));
        throw new IOException(nobody
                + (app == null
                        ? "; start the app, wait for it with --wait 30s, or let sidecar start it: -- COMMAND"
                        : "; does " + app.name() + " listen there?"));
    }

    private int ask(FrontedApp fronted, List<Target> paths, Duration patience, Target app)
            throws IOException, InterruptedException {
        var asker = new Asker(fronted, patience);
        var hint = new PortHint(app, err());
        var results = new ArrayList<AskedRequest>();
        for (var path : paths) {
            var asked = asker.ask(path.requestTarget(), app.authority());
            var result = framework.map(asked::madeBy).orElse(asked);
            results.add(result);
            files.add(result);
            var view = new PassedRequestView(out(), output.format);
            for (var request : result.passed()) {
                view.print(request);
                hint.after(request);
            }
            view.print(result);
        }
        boolean wrote = wrote(() -> files.write(this, fronted, results));
        boolean unreached = results.stream().anyMatch(AskedRequest::unreached);
        return Main.exitCode(results.stream().anyMatch(each -> each.wrong() && !each.unreached()), unreached || !wrote);
    }

    private int follow(FrontedApp fronted, @Nullable AppProcess app, Target target)
            throws IOException, InterruptedException {
        var view = new PassedRequestView(out(), output.format);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> end(fronted, app), "sidecar-end"));
        if (app != null) {
            Thread.ofPlatform().daemon().name("app-watch").start(() -> endWith(app, fronted));
        }
        var hint = new PortHint(target, err());
        err().printf(
                        "Send requests to %s instead of %s%n",
                        fronted.uri(target.requestTarget()), Printable.of(target.text()));
        fronted.follow(request -> {
            found |= request.wrong();
            var shown = framework.map(request::madeBy).orElse(request);
            files.add(shown);
            view.print(shown);
            hint.after(request);
            return !out().checkError();
        });
        if (ending.get()) {
            new CountDownLatch(1).await(); // the JVM is going down
        }
        boolean wrote = wrote(() -> files.write(this, fronted, List.of()));
        if (app != null && app.hasEnded()) {
            err().println(app.obituary());
            return Main.exitCode(found, true);
        }
        if (fronted.ended().isPresent()) {
            throw new IOException("Envoy has ended. " + fronted.ended().get());
        }
        return Main.exitCode(found, !wrote);
    }

    private static void endWith(AppProcess app, FrontedApp fronted) {
        try {
            app.awaitEnd();
            fronted.close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** At Ctrl-C and SIGTERM. */
    private void end(FrontedApp fronted, @Nullable AppProcess app) {
        ending.set(true);
        var _ = wrote(() -> files.write(this, fronted, List.of()));
        fronted.close();
        if (app != null) {
            app.close();
        }
    }
}
