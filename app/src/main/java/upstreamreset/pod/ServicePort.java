// SPDX-License-Identifier: Apache-2.0
package upstreamreset.pod;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import upstreamreset.kubernetes.ApiException;
import upstreamreset.kubernetes.KubeApi;

/**
 * A port of a Service, and the port of a Pod behind it.
 *
 * @param number the Service's own
 * @param name empty if it has none; likewise {@code appProtocol}
 * @param target the Pod's; 0 if it is a name that no container of the Pod declares
 * @param targetText as the Service has it
 * @param labels the Service's
 * @param unreadyToo whether it leads to Pods that are not ready too
 */
public record ServicePort(
        String service,
        int number,
        String name,
        String appProtocol,
        int target,
        String targetText,
        Map<String, String> labels,
        boolean unreadyToo) {
    /** The type of a Service that is another name for a host: its selector selects nothing. */
    static final String EXTERNAL_NAME = "ExternalName";

    private static final int MAX_SERVICES = 5_000;

    public ServicePort {
        labels = Map.copyOf(labels);
    }

    public PortProtocol protocol() {
        return PortProtocol.of(appProtocol, name, number);
    }

    /** For example {@code cart:80 → 8080 (name http)}. */
    public String text() {
        var said = new ArrayList<String>();
        if (!name.isEmpty()) {
            said.add("name " + name);
        }
        if (!appProtocol.isEmpty()) {
            said.add("appProtocol " + appProtocol);
        }
        return service + ":" + number + " → " + (target == 0 ? targetText : target)
                + (said.isEmpty() ? " (no name)" : " (" + String.join(", ", said) + ")");
    }

    /** Those of all Services that select {@code pod}. */
    public static List<ServicePort> of(KubeApi api, Pod pod) throws ApiException, InterruptedException {
        var services = api.list("services", "/api/v1/namespaces/" + pod.namespace() + "/services", MAX_SERVICES);
        return services.orElse(List.of()).stream()
                .filter(service -> selects(service, pod))
                .flatMap(service -> ports(service, pod).stream())
                .toList();
    }

    private static boolean selects(JsonNode service, Pod pod) {
        var selector = Pod.strings(service.path("spec").path("selector"));
        return !service.path("spec").path("type").asString("").equals(EXTERNAL_NAME)
                && !selector.isEmpty()
                && pod.labels().entrySet().containsAll(selector.entrySet());
    }

    private static List<ServicePort> ports(JsonNode service, Pod pod) {
        var ports = new ArrayList<ServicePort>();
        var labels = Pod.strings(service.path("metadata").path("labels"));
        for (var port : service.path("spec").path("ports")) {
            if (!port.path("protocol").asString("TCP").equals("TCP")) {
                continue;
            }
            int number = port.path("port").asInt(0);
            var target = port.path("targetPort");
            ports.add(new ServicePort(
                    service.path("metadata").path("name").asString(""),
                    number,
                    port.path("name").asString(""),
                    port.path("appProtocol").asString(""),
                    target.isString() ? named(target.stringValue(), pod) : target.asInt(number),
                    target.asString(""),
                    labels,
                    service.path("spec").path("publishNotReadyAddresses").asBoolean(false)));
        }
        return ports;
    }

    private static int named(String name, Pod pod) {
        return pod.containers().stream()
                .filter(Container::lasting)
                .flatMap(container -> container.ports().stream())
                .filter(port -> port.name().equals(name))
                .map(Container.Port::number)
                .findFirst()
                .orElse(0);
    }
}
