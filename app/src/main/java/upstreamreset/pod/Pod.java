// SPDX-License-Identifier: Apache-2.0
package upstreamreset.pod;

import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import upstreamreset.output.JsonTree;

/**
 * A Pod as the API server has it.
 *
 * @param phase {@code Running}; {@code Terminating} if it is being deleted
 * @param ip empty if it has none yet
 * @param uid distinguishes it from another Pod of the same name
 * @param node the name of its node; empty if it has none yet
 */
public record Pod(
        String namespace,
        String name,
        String uid,
        Map<String, String> labels,
        Map<String, String> annotations,
        String phase,
        boolean ready,
        String ip,
        String node,
        boolean hostNetwork,
        List<Container> containers) {
    private static final String INBOUND = "traffic.sidecar.istio.io/";
    private static final String INJECT = "sidecar.istio.io/inject";

    public Pod {
        labels = Map.copyOf(labels);
        annotations = Map.copyOf(annotations);
        containers = List.copyOf(containers);
    }

    static Pod of(JsonNode json) {
        var metadata = json.path("metadata");
        var spec = json.path("spec");
        var status = json.path("status");
        var containers = new ArrayList<Container>();
        spec.path("initContainers")
                .forEach(each -> containers.add(container(each, true, status.path("initContainerStatuses"))));
        spec.path("containers")
                .forEach(each -> containers.add(container(each, false, status.path("containerStatuses"))));
        boolean leaving = !metadata.path("deletionTimestamp").asString("").isEmpty();
        return new Pod(
                metadata.path("namespace").asString(""),
                metadata.path("name").asString(""),
                metadata.path("uid").asString(""),
                strings(metadata.path("labels")),
                strings(metadata.path("annotations")),
                leaving ? "Terminating" : status.path("phase").asString("Unknown"),
                isReady(status.path("conditions")),
                status.path("podIP").asString(""),
                spec.path("nodeName").asString(""),
                spec.path("hostNetwork").asBoolean(false),
                containers);
    }

    private static boolean isReady(JsonNode conditions) {
        for (var condition : conditions) {
            if (condition.path("type").asString("").equals("Ready")) {
                return condition.path("status").asString("").equals("True");
            }
        }
        return false;
    }

    private static Container container(JsonNode json, boolean init, JsonNode statuses) {
        var name = json.path("name").asString("");
        var arguments = new ArrayList<String>();
        json.path("args").forEach(each -> arguments.add(each.asString("")));
        var ports = new ArrayList<Container.Port>();
        json.path("ports")
                .valueStream()
                .filter(each -> each.path("protocol").asString("TCP").equals("TCP"))
                .forEach(each -> ports.add(new Container.Port(
                        each.path("containerPort").asInt(0), each.path("name").asString(""))));
        JsonNode status = null;
        for (var each : statuses) {
            if (each.path("name").asString("").equals(name)) {
                status = each;
            }
        }
        return new Container(
                name,
                json.path("image").asString(""),
                arguments,
                ports,
                init,
                json.path("restartPolicy").asString("").equals("Always"),
                status == null ? "" : state(status.path("state")),
                status == null ? Optional.empty() : started(status.path("state").path("running")),
                status == null ? 0 : status.path("restartCount").asInt(0));
    }

    private static String state(JsonNode state) {
        if (state.has("running")) {
            return "running";
        }
        var waiting = state.path("waiting").path("reason").asString("");
        return waiting.isEmpty() ? state.path("terminated").path("reason").asString("") : waiting;
    }

    private static Optional<Instant> started(JsonNode running) {
        try {
            return Optional.of(Instant.parse(running.path("startedAt").asString("")));
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }

    static Map<String, String> strings(JsonNode object) {
        var strings = new HashMap<String, String>();
        object.properties()
                .forEach(each -> strings.put(each.getKey(), each.getValue().asString("")));
        return strings;
    }

    public Optional<Sidecar> sidecar() {
        return Sidecar.of(containers);
    }

    /** Those of the app, with its own native sidecars: neither what ends before it begins, nor Istio's proxy. */
    public List<Container> apps() {
        return containers.stream()
                .filter(each -> each.lasting() && !each.name().equals(Sidecar.CONTAINER))
                .toList();
    }

    /** The ports that the app's containers declare. */
    public List<Container.Port> appPorts() {
        return apps().stream().flatMap(app -> app.ports().stream()).toList();
    }

    /** The revision of Istio that injected the sidecar; empty if it does not tell. */
    String revision() {
        try {
            return JsonTree.read(annotations.getOrDefault("sidecar.istio.io/status", "{}"))
                    .path("revision")
                    .asString("");
        } catch (JacksonException e) {
            return "";
        }
    }

    /** Whether it says itself that it is to have no sidecar; the label counts before the annotation, as for Istio. */
    public boolean refusesInjection() {
        return "false".equals(labels.getOrDefault(INJECT, annotations.getOrDefault(INJECT, "")));
    }

    /** Whether ztunnel takes this Pod's connections (Istio's ambient mode). */
    public boolean ambient() {
        return "enabled".equals(annotations.get("ambient.istio.io/redirection"));
    }

    /**
     * Whether the sidecar takes the connections to this port. The annotations are the injector's; the mesh may have others by
     * default, which are not seen here.
     */
    public boolean intercepts(int port) {
        var number = Integer.toString(port);
        var included = annotations.getOrDefault(INBOUND + "includeInboundPorts", "*");
        return sidecar().isPresent()
                && !hostNetwork
                && !"NONE".equals(annotations.get("sidecar.istio.io/interceptionMode"))
                && (included.strip().equals("*") || words(included).contains(number))
                && !words(annotations.getOrDefault(INBOUND + "excludeInboundPorts", ""))
                        .contains(number);
    }

    private static List<String> words(String list) {
        return List.of(list.strip().split("\\s*,\\s*"));
    }

    /** The first container that should run and does not. */
    public Optional<Container> stopped() {
        return containers.stream()
                .filter(each -> each.lasting() && !each.state().isEmpty() && !each.running())
                .findFirst();
    }

    /** Why it does not serve, in one word: of a container that does not run, else its phase; empty where all run. */
    public Optional<String> trouble() {
        return stopped().map(Container::state).or(() -> Optional.of(phase).filter(_ -> !running()));
    }

    public boolean running() {
        return phase.equals("Running");
    }

    /** Whether it has run, and will not again: that of a Job that is done, or an evicted one. */
    public boolean ended() {
        return phase.equals("Succeeded") || phase.equals("Failed");
    }

    /** As kubectl prints it. */
    public String text() {
        return "pod/" + name;
    }

    /** Its path at the API server. */
    public String path() {
        return "/api/v1/namespaces/" + namespace + "/pods/" + name;
    }
}
