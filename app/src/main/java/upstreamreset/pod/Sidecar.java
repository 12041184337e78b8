// SPDX-License-Identifier: Apache-2.0
package upstreamreset.pod;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Istio's proxy in a Pod: its container and its role. */
public record Sidecar(Container container, Role role) {
    /** The name that istiod gives it, in sidecars, gateways and waypoints. */
    public static final String CONTAINER = "istio-proxy";

    private static final Pattern VERSION = Pattern.compile("(\\d+\\.\\d+(?:\\.\\d+)?)(?:[-.].*)?");

    /** The proxy's role. */
    public enum Role {
        /** It stands beside an app. */
        SIDECAR("sidecar"),
        /** It is an ingress or egress gateway. */
        GATEWAY("gateway"),
        /** It is a waypoint of Istio's ambient mode. */
        WAYPOINT("waypoint"),
        /** It is the proxy of a node in Istio's ambient mode; it is no Envoy, and knows no HTTP. */
        ZTUNNEL("ztunnel");

        private final String text;

        Role(String text) {
            this.text = text;
        }

        public String text() {
            return text;
        }
    }

    /** The proxy among a Pod's containers, wherever it stands. */
    static Optional<Sidecar> of(List<Container> containers) {
        var proxy = containers.stream()
                .filter(each -> each.name().equals(CONTAINER))
                .filter(Container::lasting)
                .findFirst();
        return proxy.map(each -> new Sidecar(each, role(each, containers)));
    }

    private static Role role(Container proxy, List<Container> containers) {
        if (proxy.arguments().contains("waypoint")) {
            return Role.WAYPOINT;
        }
        if (proxy.arguments().contains("ztunnel")) {
            return Role.ZTUNNEL;
        }
        boolean alone = containers.stream().filter(each -> !each.init()).allMatch(proxy::equals);
        boolean router = proxy.arguments().contains("router");
        return router || (alone && !proxy.init() && !proxy.arguments().contains("sidecar"))
                ? Role.GATEWAY
                : Role.SIDECAR;
    }

    /** Istio's version as the image's tag has it: {@code 1.30.8}. */
    public Optional<String> version() {
        return container
                .tag()
                .map(VERSION::matcher)
                .filter(java.util.regex.Matcher::matches)
                .map(tag -> tag.group(1));
    }
}
