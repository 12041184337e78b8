// SPDX-License-Identifier: Apache-2.0
package upstreamreset.diagnose;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import upstreamreset.accesslog.AmbientConnection;
import upstreamreset.accesslog.LogField;
import upstreamreset.accesslog.LogLine;
import upstreamreset.accesslog.LogReader;
import upstreamreset.explain.Hop;
import upstreamreset.explain.TunnelFailures;
import upstreamreset.kubernetes.ApiException;
import upstreamreset.kubernetes.Failure;
import upstreamreset.kubernetes.KubeApi;
import upstreamreset.output.Durations;
import upstreamreset.output.ShellWord;
import upstreamreset.pod.NoSuchPodException;
import upstreamreset.pod.Pod;
import upstreamreset.pod.PodFinder;
import upstreamreset.pod.Right;
import upstreamreset.pod.Rights;
import upstreamreset.pod.ServicePort;
import upstreamreset.pod.Sidecar;
import upstreamreset.pod.Waypoint;

/** Reads what Istio's ambient mode logged of a Pod without a sidecar: its node's ztunnel, and its waypoint. Keeps no line that names another Pod. */
final class AmbientReading {
    /** Where ztunnel runs, unless somebody chose another namespace. */
    private static final String ZTUNNELS = "istio-system";

    private static final String SELECTOR = "app=ztunnel";
    private static final int MAX_WAYPOINTS = 3;
    private static final Right LIST_PODS = Right.core("list", "pods");

    private final KubeApi api;
    private final Pod pod;
    private final LogReading requests;
    private final Duration since;
    private final Commands commands;
    private final List<String> problems = new ArrayList<>();
    private final TunnelFailures tunnels = new TunnelFailures();
    private String ztunnel = "";
    private String command = "";

    /** @param requests reads the logs of waypoints */
    AmbientReading(KubeApi api, Pod pod, LogReading requests, Duration since, Commands commands) {
        this.api = api;
        this.pod = pod;
        this.requests = requests;
        this.since = since;
        this.commands = commands;
    }

    /** Both logs. */
    record Read(AmbientLog connections, SidecarLog requests) {}

    /** Of a Pod in ambient mode; {@code services} lead to it. */
    Read ofPod(List<ServicePort> services) throws InterruptedException {
        readZtunnel();
        var waypoints = waypoints(services);
        var log = waypoints.isEmpty()
                ? SidecarLog.unread(since, "it has no sidecar; its connections are in ztunnel's log")
                : requests.of(waypoints, since, through(services));
        return new Read(ambientLog(waypoints), log);
    }

    /** Of a ztunnel itself: the connections of all Pods of its node. */
    Read ofZtunnel() throws InterruptedException {
        read(pod, _ -> true);
        return new Read(
                ambientLog(List.of()), SidecarLog.unread(since, "ztunnel knows no HTTP: its log has connections"));
    }

    private AmbientLog ambientLog(List<Pod> waypoints) {
        return new AmbientLog(
                since,
                ztunnel,
                tunnels.connections(),
                tunnels.failed(),
                tunnels.ways(),
                waypoints.stream().map(AmbientReading::text).toList(),
                problems,
                commands.at(command));
    }

    private static String text(Pod each) {
        return each.text() + " in " + each.namespace();
    }

    private void readZtunnel() throws InterruptedException {
        try {
            var missing = new Rights(api, ZTUNNELS).missing(List.of(LIST_PODS, NotPermitted.LOG), "");
            if (!missing.isEmpty()) {
                problems.add("ztunnel's log: not permitted to "
                        + missing.stream().map(Right::text).collect(Collectors.joining(" and to "))
                        + " in namespace " + ZTUNNELS + " (manifests/diagnose/mesh has the Role)");
                command = command("-l " + SELECTOR + " --tail=-1 --prefix");
                return;
            }
            var found = new PodFinder(api).onNode(pod.node(), ZTUNNELS, SELECTOR);
            if (found.isEmpty()) {
                problems.add("there is no ztunnel on its node in namespace " + ZTUNNELS);
                command = "kubectl get pods -A -o wide -l " + SELECTOR + " --field-selector spec.nodeName="
                        + ShellWord.quoted(pod.node());
                return;
            }
            read(found.getFirst(), this::names);
        } catch (ApiException e) {
            problems.add("ztunnel's log: " + e.failure().message());
            command = command("-l " + SELECTOR + " --tail=-1 --prefix");
        }
    }

    private void read(Pod from, Predicate<AmbientConnection> wanted) throws InterruptedException {
        var reader = new LogReader();
        var lines = new ProxyLines(api, from, since);
        try {
            boolean whole = lines.read((bytes, begin, end) -> {
                var line = new String(bytes, begin, end - begin, StandardCharsets.UTF_8);
                if (mayBeWanted(line, from)
                        && reader.read(line) instanceof LogLine.Ambient(var connection, var _)
                        && wanted.test(connection)) {
                    tunnels.add(connection);
                }
            });
            ztunnel = text(from);
            lines.problems(whole).forEach(each -> problems.add("ztunnel's log: " + each));
        } catch (ApiException e) {
            problems.add("ztunnel's log: " + e.failure().message());
            command = command(ShellWord.quoted(from.name()) + " -c " + Sidecar.CONTAINER);
        }
    }

    /** A look that costs less than to read the line: ztunnel's log has the connections of all Pods of the node. */
    private boolean mayBeWanted(String line, Pod from) {
        return from.equals(pod) || line.contains(pod.name()) || (!pod.ip().isEmpty() && line.contains(pod.ip()));
    }

    private String command(String whose) {
        return "kubectl -n " + ZTUNNELS + " logs " + whose + " --since="
                + Durations.text(since) + " | grep -F -- " + ShellWord.quoted(pod.name())
                + " | " + commands.program() + " explain";
    }

    /** Whether a line is of a connection from or to the Pod; an address counts only where the line has no name. */
    private boolean names(AmbientConnection connection) {
        return names(connection, "src") || names(connection, "dst");
    }

    private boolean names(AmbientConnection connection, String side) {
        var name = connection.text(side + ".workload");
        if (name.isPresent()) {
            return name.get().equals(pod.name())
                    && connection
                            .text(side + ".namespace")
                            .map(pod.namespace()::equals)
                            .orElse(true);
        }
        return !pod.ip().isEmpty()
                && connection
                        .text(side + ".addr")
                        .map(LogReading::address)
                        .filter(pod.ip()::equals)
                        .isPresent();
    }

    private List<Pod> waypoints(List<ServicePort> services) throws InterruptedException {
        var waypoint = Waypoint.of(api, pod, services, problems);
        if (waypoint.isEmpty()) {
            return List.of();
        }
        var name = "the waypoint " + waypoint.get().namespace() + "/"
                + waypoint.get().name();
        try {
            return new PodFinder(api)
                    .find(waypoint.get().query()).stream().limit(MAX_WAYPOINTS).toList();
        } catch (NoSuchPodException e) {
            problems.add(name + ", which its requests are to go through, has no Pod");
        } catch (ApiException e) {
            problems.add(
                    e.failure().kind() == Failure.Kind.FORBIDDEN
                            ? "the log of " + name + ": not permitted to list pods in namespace "
                                    + waypoint.get().namespace()
                            : "the log of " + name + ": " + e.failure().message());
        }
        return List.of();
    }

    /** Whether a line of a waypoint is of a request to this Pod: by its address, where it was sent to one, else by its Service. */
    private Predicate<Hop> through(List<ServicePort> services) {
        var own = services.stream()
                .map(each -> pod.namespace() + "/" + each.service())
                .collect(Collectors.toSet());
        return hop -> hop.entry().text(LogField.UPSTREAM_HOST).isPresent()
                ? LogReading.host(hop).equals(pod.ip())
                : isOf(own, LogReading.behind(hop));
    }

    private static boolean isOf(Set<String> own, Optional<String> service) {
        return service.isPresent() && own.contains(service.get());
    }
}
