// SPDX-License-Identifier: Apache-2.0
package upstreamreset.diagnose;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import upstreamreset.accesslog.LogField;
import upstreamreset.accesslog.LogLine;
import upstreamreset.accesslog.LogReader;
import upstreamreset.accesslog.Side;
import upstreamreset.explain.Explainer;
import upstreamreset.explain.Hop;
import upstreamreset.explain.IstioVersion;
import upstreamreset.explain.LogDigest;
import upstreamreset.explain.Place;
import upstreamreset.kubernetes.ApiException;
import upstreamreset.kubernetes.KubeApi;
import upstreamreset.pod.NoSuchPodException;
import upstreamreset.pod.Pod;
import upstreamreset.pod.PodFinder;
import upstreamreset.wire.Printable;

/** Reads a proxy's log and explains it; if a line points to another Pod of the mesh, reads that Pod's log too. */
record LogReading(KubeApi api, Pod pod, LogReader format, IstioVersion version) {
    private static final int MAX_FOLLOWED = 3;

    /** {@code outbound|8080||web.default.svc.cluster.local}. */
    private static final Pattern OUTBOUND = Pattern.compile(
            "(?:outbound|inbound-vip)\\|\\d{1,5}\\|[^|]*\\|([a-z0-9-]{1,63})\\.([a-z0-9-]{1,63})\\.svc(?:\\..*)?");

    /** The log of the Pod's own proxy. */
    SidecarLog read(Duration since) throws InterruptedException {
        return pod.sidecar().isEmpty()
                ? SidecarLog.unread(since, "it has no sidecar, so no log of one")
                : of(List.of(pod), since, _ -> true);
    }

    /** The logs of {@code proxies}, of which only the lines count that are {@code wanted}. */
    SidecarLog of(List<Pod> proxies, Duration since, Predicate<Hop> wanted) throws InterruptedException {
        var digest = new LogDigest(format, new Explainer(version, new Place(pod.namespace(), pod.name())));
        var failures = new Failures();
        var passedOn = new ArrayList<Hop>();
        digest.onFailure(hop -> {
            failures.add(hop);
            if (hop.side() != Side.SERVER && !hop.exchange().madeHere() && passedOn.size() < 100) {
                passedOn.add(hop);
            }
        });
        try {
            var problems = new ArrayList<String>();
            for (var each : proxies) {
                var lines = new ProxyLines(api, each, since);
                boolean whole = feed(lines, digest, each.equals(pod) ? Optional.empty() : Optional.of(wanted));
                problems.addAll(lines.problems(whole));
            }
            var summary = digest.summary();
            // Before another Pod's lines are counted too.
            var ways = failures.ways();
            digest.onFailure(hop -> {});
            var followed = follow(passedOn, since, digest);
            return new SidecarLog(
                    since,
                    summary.requests(),
                    summary.failed(),
                    summary.foreign(),
                    ways,
                    failures.left(),
                    digest.explanations(),
                    problems.isEmpty() ? Optional.empty() : Optional.of(String.join("; ", problems)),
                    followed);
        } catch (ApiException e) {
            return SidecarLog.unread(since, e.failure().message());
        }
    }

    private boolean feed(ProxyLines lines, LogDigest digest, Optional<Predicate<Hop>> wanted)
            throws ApiException, InterruptedException {
        return lines.read((bytes, begin, end) -> {
            if (wanted.isEmpty() || isWanted(bytes, begin, end, wanted.get())) {
                digest.add(bytes, begin, end);
            }
        });
    }

    private boolean isWanted(byte[] bytes, int begin, int end, Predicate<Hop> wanted) {
        return format.read(new String(bytes, begin, end - begin, StandardCharsets.UTF_8))
                        instanceof LogLine.Access access
                && wanted.test(Hop.of(access));
    }

    /** The Pods that sent the responses passed on. */
    private List<String> follow(List<Hop> passedOn, Duration since, LogDigest digest) throws InterruptedException {
        var followed = new LinkedHashSet<String>();
        for (var hop : passedOn.reversed()) {
            if (followed.size() < MAX_FOLLOWED) {
                behind(hop).ifPresent(followed::add);
            }
        }
        var read = new ArrayList<String>();
        for (var each : followed) {
            var names = each.split("/", 2);
            try {
                var query = new PodFinder.Query(
                        Optional.of(
                                new upstreamreset.pod.TargetName(upstreamreset.pod.TargetName.Kind.SERVICE, names[1])),
                        "",
                        Optional.of(names[0]));
                for (var behind : new PodFinder(api).find(query)) {
                    boolean asked = passedOn.stream().anyMatch(hop -> host(hop).equals(behind.ip()));
                    if (asked && behind.sidecar().isPresent() && !behind.uid().equals(pod.uid())) {
                        feed(new ProxyLines(api, behind, since), digest, Optional.empty());
                        read.add(behind.namespace() + "/" + behind.name());
                    }
                }
            } catch (ApiException | NoSuchPodException e) {
                // Named as the next step anyway.
            }
        }
        return read;
    }

    /** The address to which a request was sent; empty for none. */
    static String host(Hop hop) {
        var host = hop.entry().text(LogField.UPSTREAM_HOST).orElse("");
        return address(host.substring(host.lastIndexOf('/') + 1));
    }

    /** Without the port. */
    static String address(String address) {
        int colon = address.lastIndexOf(':');
        return (colon < 0 ? address : address.substring(0, colon)).replaceAll("[\\[\\]]", "");
    }

    /** The Service behind a proxy that passed an answer on, as {@code namespace/name}. */
    static Optional<String> behind(Hop hop) {
        return hop.entry()
                .text(LogField.UPSTREAM_CLUSTER)
                .map(OUTBOUND::matcher)
                .filter(java.util.regex.Matcher::matches)
                .map(service -> service.group(2) + "/" + service.group(1));
    }

    /** Where listeners write their access log, as a dump of them tells: whether to a file at all. */
    static Optional<String> accessLogProblem(JsonNode listeners) {
        var text = upstreamreset.output.JsonTree.text(listeners);
        if (!text.contains("\"access_log\"")) {
            return Optional.of(SidecarLog.OFF);
        }
        if (!text.contains("envoy.access_loggers.file") && !text.contains("FileAccessLog")) {
            return Optional.of("its access log goes elsewhere ("
                    + (text.contains("open_telemetry")
                            ? "OpenTelemetry"
                            : text.contains("http_grpc") ? "gRPC" : "no file")
                    + "), not into the container's log");
        }
        return Optional.empty();
    }

    /** The command that switches the access log on. */
    static String telemetry(Pod pod) {
        return "kubectl apply -f - <<'EOF'\n" + """
                apiVersion: telemetry.istio.io/v1
                kind: Telemetry
                metadata: {name: access-log, namespace: %s}
                spec:
                  accessLogging: [{providers: [{name: envoy}]}]
                EOF""".formatted(Printable.of(pod.namespace()));
    }
}
