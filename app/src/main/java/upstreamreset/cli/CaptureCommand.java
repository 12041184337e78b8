// SPDX-License-Identifier: Apache-2.0
package upstreamreset.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import upstreamreset.capture.CaptureReader;
import upstreamreset.inspect.Inspection;
import upstreamreset.inspect.InspectionTotals;
import upstreamreset.inspect.InspectionView;
import upstreamreset.inspect.SameFindings;
import upstreamreset.kubernetes.KubeApi;
import upstreamreset.output.Durations;
import upstreamreset.output.ResultFile;
import upstreamreset.output.Thousands;
import upstreamreset.pod.CaptureContainer;
import upstreamreset.pod.CaptureLimits;
import upstreamreset.pod.Container;
import upstreamreset.pod.Pod;
import upstreamreset.pod.PodFinder;
import upstreamreset.pod.Rights;
import upstreamreset.pod.Tcpdump;
import upstreamreset.tcp.StreamAssembler;
import upstreamreset.tcp.StreamQuality;
import upstreamreset.wire.Printable;

/** {@code capture}: captures the bytes between sidecar and app in a Pod, and judges them as they arrive. */
final class CaptureCommand extends Command {
    /** Has sh and tcpdump; the one of scripts/sniff. */
    static final String IMAGE = "docker.io/nicolaka/netshoot:v0.14";

    private static final Duration CALL = Duration.ofSeconds(15);

    /** The time for the Pod's remaining bytes and for the container's end. */
    private static final int MAX_SECONDS_BEHIND = 30;

    private static final String ROLE = "manifests/diagnose/capture.yaml";

    private final List<String> targets = new ArrayList<>();
    private final ClusterOptions cluster = new ClusterOptions();
    private final EnvoyOptions envoy = new EnvoyOptions();
    private final OutputOption output = new OutputOption();
    private final List<Integer> ports = new ArrayList<>();
    private String image = IMAGE;
    private @Nullable String onInterface;
    private @Nullable Path file;
    private String time = "30s";
    private long maxBytes = 64L << 20;
    private long maxPackets = 100_000;
    private int snaplen = CaptureLimits.MAX_SNAPLEN;
    private boolean all;

    @Override
    void describe(Syntax syntax) {
        syntax.help()
                .description("Captures the traffic between the sidecar and the app of a Pod, and judges each response"
                        + " as it arrives, as inspect does.")
                .footer(
                        "%nAdds an ephemeral container with tcpdump to the Pod. The container ends with the capture: at a limit, at"
                                + " Ctrl-C, or when nobody reads the capture any more. Its entry remains in the Pod, terminated, until the"
                                + " Pod is deleted. If a permission is missing or Pod Security refuses, nothing is added. The capture"
                                + " contains everybody's requests of that time, with their credentials; no container's log gets any of it.",
                        "%nExamples:",
                        "  upstream-reset capture -n shop deploy/cart",
                        "  upstream-reset capture -n shop pod/cart-7d9f-x2 --time 5m -w cart.pcap");
        syntax.operands("TARGET", 0, targets)
                .hideParamSyntax(true)
                .description("A Pod, or its owner: cart-7d9f-x2, pod/NAME, deploy/NAME, sts/NAME, svc/NAME. Of several"
                        + " Pods, the first ready one.");
        cluster.addTo(syntax);
        syntax.repeated("--port", "N", Integer.class, ports)
                .description("Only traffic to or from this port. Repeatable. Default: the ports that the app's"
                        + " containers declare; if they declare none, all except the sidecar's own.");
        syntax.option("--interface", "NAME", String.class, value -> onInterface = value)
                .description("The network interface in the Pod. Default: lo, where traffic is plain text even with"
                        + " mTLS; in a Pod outside the mesh, any.");
        syntax.option("--capture", "FILE", Path.class, value -> file = value)
                .names("-w", "--capture")
                .description("Also write the capture as a pcap file.");
        syntax.option("--time", "TIME", String.class, value -> time = value)
                .description("Maximum duration, 1s to 1h. Default: " + time + ".");
        syntax.option("--max-bytes", "BYTES", Long.class, value -> maxBytes = value)
                .description("Maximum size of the capture in bytes. Default: " + maxBytes + ".");
        syntax.option("--max-packets", "N", Long.class, value -> maxPackets = value)
                .description("Maximum number of packets. Default: " + maxPackets + ".");
        syntax.option("--snaplen", "BYTES", Integer.class, value -> snaplen = value)
                .description("Bytes to keep of each packet. Default: " + snaplen + ", all of them.");
        syntax.option("--image", "IMAGE", String.class, value -> image = value)
                .description("The container's image; it needs sh and tcpdump. Default: " + image + ".");
        syntax.flag("--all", value -> all = value)
                .description("Print every response, including those without a problem and those with a problem"
                        + " already shown.");
        envoy.addTo(syntax);
        output.addTo(syntax);
    }

    @Override
    public Integer call() throws Exception {
        if (targets.size() > (cluster.selects() ? 0 : 1)) {
            throw misuse(
                    cluster.selects()
                            ? "-l and a TARGET exclude each other; give one of them"
                            : "capture takes one TARGET, not " + targets.size());
        }
        var named = targets.stream().findFirst();
        var version = usage(envoy::version);
        var limits = usage(() -> {
            cluster.check(targets);
            ports.forEach(Command::checkPort);
            return new CaptureLimits(Durations.parse("--time", time), maxBytes, maxPackets, snaplen);
        });
        if (file != null) {
            ResultFile.check("the capture", file);
            checkOutput("--capture", file, cluster.files().toList());
        }
        try (var api = cluster.connect(CALL)) {
            var pods = new PodFinder(api).find(cluster.query(named, api));
            var pod = pods.getFirst();
            err().println(pod.text() + " in namespace " + pod.namespace()
                    + (pods.size() == 1 ? "" : " (the first of " + pods.size() + ")") + ": " + inside(pod));
            if (pod.hostNetwork()) {
                err().println(pod.text() + " uses its node's network: this captures the whole node's traffic there");
            }
            new Rights(api, pod.namespace()).require(CaptureContainer.rights(), pod.name(), ROLE);
            var container = new CaptureContainer(api, pod, image, limits);
            var privileges = container.check();
            err().println("adding the ephemeral container " + container.name() + ": " + Printable.of(image) + ", "
                    + privileges.text());
            var signal = new Signal();
            try (var _ = new LastWords(0, signal::stop, MAX_SECONDS_BEHIND)) {
                return capture(api, pod, container, privileges, limits, version, signal);
            }
        }
    }

    private int capture(
            KubeApi api,
            Pod pod,
            CaptureContainer container,
            CaptureContainer.Privileges privileges,
            CaptureLimits limits,
            String version,
            Signal signal)
            throws Exception {
        try {
            container.add(privileges);
            var link = onInterface == null ? defaultInterface(pod) : onInterface;
            var filter = filter(pod);
            try (var tcpdump = Tcpdump.start(api, pod, container, link, filter, limits)) {
                signal.began(tcpdump);
                if (!tcpdump.begin()) {
                    return nothing(tcpdump, pod);
                }
                err().println("capturing on " + Printable.of(link) + (filter.isEmpty() ? "" : ", " + filter) + ", for "
                        + limits.time().toSeconds() + " s at most; Ctrl-C ends it");
                return write(tcpdump, pod, version);
            }
        } catch (InterruptedException e) {
            return stoppedEarly();
        } finally {
            signal.over();
            err().println(container.remains());
        }
    }

    private int nothing(Tcpdump tcpdump, Pod pod) throws IOException {
        if (tcpdump.ending() == Tcpdump.Ending.STOPPED) {
            return stoppedEarly();
        }
        throw new IOException("nothing was captured in " + pod.text() + ": "
                + tcpdump.ending().text() + ": " + tcpdump.reason());
    }

    private int stoppedEarly() {
        err().println("stopped before the capture began" + (file == null ? "" : "; " + file + " is not written"));
        return Main.UNREAD;
    }

    /** The effect of Ctrl-C and SIGTERM: they end the tcpdump in the Pod, or this thread's waiting. */
    private static final class Signal {
        private final Thread worker = Thread.currentThread();
        private @Nullable Tcpdump running;
        private boolean over;

        synchronized void began(Tcpdump tcpdump) {
            running = tcpdump;
        }

        /** The remaining work ignores interrupts. */
        synchronized void over() {
            running = null;
            over = true;
            Thread.interrupted();
        }

        void stop() {
            var tcpdump = toStop();
            if (tcpdump != null) {
                tcpdump.stop();
            }
        }

        private synchronized @Nullable Tcpdump toStop() {
            if (running == null && !over) {
                worker.interrupt();
            }
            return running;
        }
    }

    private static String inside(Pod pod) {
        var apps = pod.apps().stream().map(Container::name).collect(Collectors.joining(", "));
        var proxy = pod.sidecar()
                .map(sidecar -> sidecar.role().text() + " "
                        + sidecar.container().name()
                        + sidecar.version().map(version -> " " + version).orElse(""))
                .orElse(pod.ambient() ? "ambient, no sidecar" : "no sidecar");
        return Printable.of((apps.isEmpty() ? "" : "app " + apps + "; ") + proxy);
    }

    private static String defaultInterface(Pod pod) {
        return pod.sidecar().isPresent() || pod.ambient() ? "lo" : "any";
    }

    private String filter(Pod pod) {
        var wanted = ports.isEmpty()
                ? pod.appPorts().stream()
                        .map(Container.Port::number)
                        .distinct()
                        .sorted()
                        .toList()
                : ports;
        return wanted.isEmpty()
                ? "tcp and not (port 15020 or port 15021 or port 15090 or port 15000 or port 15001 or port 15004)"
                : wanted.stream().map(port -> "tcp port " + port).collect(Collectors.joining(" or "));
    }

    private int write(Tcpdump tcpdump, Pod pod, String version) throws IOException {
        if (file == null) {
            return judge(tcpdump, tcpdump.packets(), pod, version);
        }
        var code = new int[1];
        ResultFile.write(file, out -> code[0] = judge(tcpdump, new CopiedInput(tcpdump.packets(), out), pod, version));
        err().println("wrote " + file);
        return code[0];
    }

    private int judge(Tcpdump tcpdump, InputStream packets, Pod pod, String version) throws IOException {
        var view = switch (output.format) {
            case TEXT -> InspectionView.text(out());
            case JSON -> InspectionView.json(out(), pod.text());
        };
        var quality = new StreamQuality();
        var same = new SameFindings();
        boolean each = all || output.format == OutputOption.Format.JSON;
        var inspection = new Inspection(
                version, all, response -> view.print(response, each || same.isFirst(response), quality::frame));
        var assembler = new StreamAssembler(quality.of(inspection));
        var summary = new CaptureReader(pod.text(), _ -> {}, out()::flush).read(packets, assembler);
        var totals = new InspectionTotals(summary, quality.counts(), inspection.totals());
        view.end(totals, same);
        out().flush();
        err().println(pod.text() + ": " + totals.text());
        end(tcpdump);
        return Main.exitCode(
                totals.totals().remarkable() > 0,
                totals.unread() || tcpdump.ending().early() || tcpdump.dropped() > 0);
    }

    private void end(Tcpdump tcpdump) {
        var ending = tcpdump.ending();
        var reason = ending.early() ? tcpdump.reason() : "";
        err().println("the capture ended: " + ending.text() + (reason.isEmpty() ? "" : ": " + reason));
        if (tcpdump.dropped() > 0) {
            err().println("the kernel dropped " + Thousands.of(tcpdump.dropped())
                    + " packets because tcpdump was too slow");
        } else if (tcpdump.count() == 0 && !ending.early()) {
            err().println("no packet was captured: the app got no request meanwhile, or it listens elsewhere"
                    + " (--port, --interface)");
        }
    }
}
