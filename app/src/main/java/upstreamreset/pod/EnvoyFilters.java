// SPDX-License-Identifier: Apache-2.0
package upstreamreset.pod;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import tools.jackson.databind.JsonNode;

/** Finds the EnvoyFilters that change the configuration of a Pod's sidecar. */
final class EnvoyFilters {
    /** A patch without one applies to all. */
    private static final Set<String> OF_SIDECARS = Set.of("ANY", "SIDECAR_INBOUND", "SIDECAR_OUTBOUND");

    private EnvoyFilters() {}

    /** One sentence each; none where there is no sidecar to be changed. */
    static List<String> of(MeshResources resources, Pod pod) throws InterruptedException {
        var touching = new ArrayList<String>();
        if (pod.sidecar().isEmpty()) {
            return touching;
        }
        var version = pod.sidecar().flatMap(Sidecar::version).orElse("");
        for (var namespace : resources.namespaces()) {
            var filters = resources
                    .list("networking.istio.io", List.of("v1alpha3"), "envoyfilters", namespace)
                    .orElse(List.of());
            for (var filter : filters) {
                if (isFor(filter.path("spec"), resources, version)) {
                    touching.add("EnvoyFilter " + MeshResources.name(filter) + " changes its proxy's configuration");
                }
            }
        }
        return touching;
    }

    /** By its labels, in either namespace; what has targetRefs is for gateways and waypoints. */
    private static boolean isFor(JsonNode spec, MeshResources resources, String version) {
        return spec.path("targetRefs").isEmpty()
                && resources.selects(spec.path("workloadSelector").path("labels"))
                && (!spec.has("configPatches")
                        || spec.path("configPatches").valueStream().anyMatch(each -> matches(each, version)));
    }

    private static boolean matches(JsonNode patch, String version) {
        var match = patch.path("match");
        var wanted = match.path("proxy").path("proxyVersion").asString("");
        return OF_SIDECARS.contains(match.path("context").asString("ANY"))
                && (wanted.isEmpty() || version.isEmpty() || found(wanted, version));
    }

    /** A pattern that Java does not read may match. */
    private static boolean found(String pattern, String version) {
        try {
            return Pattern.compile(pattern).matcher(version).find();
        } catch (PatternSyntaxException e) {
            return true;
        }
    }
}
