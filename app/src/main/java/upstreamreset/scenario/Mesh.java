// SPDX-License-Identifier: Apache-2.0
package upstreamreset.scenario;

import java.util.List;
import java.util.Optional;

/**
 * The proxies that a scenario needs, as changes to what istiod configures.
 *
 * @param sidecar changes to the app's sidecar
 * @param client changes to the client's sidecar; empty when no client's sidecar is needed
 */
public record Mesh(List<Edit> sidecar, Optional<List<Edit>> client) {
    /** A change to one part of a sidecar's configuration, in Envoy's own words (proto JSON, a merge patch of RFC 7396). */
    public record Edit(Part part, String mergePatch) {
        @Override
        public String toString() {
            return part.word() + " " + mergePatch;
        }

        /** {@code PART {…}}. */
        static Edit parse(String text) {
            var parts = text.split(" ", 2);
            for (var part : Part.values()) {
                if (part.word().equals(parts[0])) {
                    if (parts.length < 2 || !parts[1].startsWith("{") || !parts[1].endsWith("}")) {
                        throw new IllegalArgumentException("expected a JSON object after " + parts[0]);
                    }
                    return new Edit(part, parts[1]);
                }
            }
            throw new IllegalArgumentException(
                    "\"" + parts[0] + "\" is no part; they are listener, manager, route, cluster, bootstrap");
        }
    }

    /** What of a sidecar a change concerns. */
    public enum Part {
        LISTENER,
        /** The HTTP connection manager. */
        MANAGER,
        /** The one route, its action under {@code route}. */
        ROUTE,
        CLUSTER,
        /** The whole Envoy: overload manager, runtime. The scenario gets one of its own. */
        BOOTSTRAP;

        String word() {
            return switch (this) {
                case LISTENER -> "listener";
                case MANAGER -> "manager";
                case ROUTE -> "route";
                case CLUSTER -> "cluster";
                case BOOTSTRAP -> "bootstrap";
            };
        }
    }

    public Mesh {
        sidecar = List.copyOf(sidecar);
        client = client.map(List::copyOf);
    }
}
