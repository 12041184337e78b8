// SPDX-License-Identifier: Apache-2.0
package upstreamreset.accesslog;

/**
 * Which proxy wrote a line, derived from the names of clusters: Istio's ({@code pilot/pkg/model/context.go}), Consul's
 * and App Mesh's.
 */
public enum Side {
    CLIENT("client", "the client's sidecar or gateway"),
    WAYPOINT("waypoint", "the waypoint"),
    SERVER("server", "the server's sidecar"),
    UNKNOWN("proxy", "the proxy");

    private final String id;
    private final String text;

    Side(String id, String text) {
        this.id = id;
        this.text = text;
    }

    /** The word for it in JSON. */
    public String id() {
        return id;
    }

    public String text() {
        return text;
    }

    /** {@code web.default.dc1.internal.11111111-2222-3333-4444-555555555555.consul}. */
    private static boolean isConsuls(String cluster) {
        return cluster.endsWith(".consul") && cluster.contains(".internal.");
    }

    /** The proxy whose log contains {@code entry}. */
    public static Side of(AccessLogEntry entry) {
        var cluster = entry.text(LogField.UPSTREAM_CLUSTER).orElse("");
        if (cluster.startsWith("inbound-vip|")) {
            return WAYPOINT;
        }
        if (cluster.startsWith("inbound|")
                || cluster.startsWith("InboundPassthrough")
                || cluster.equals("local_app")
                || cluster.startsWith("cds_ingress_")) {
            return SERVER;
        }
        return cluster.startsWith("outbound|")
                        || cluster.startsWith("outbound_.")
                        || cluster.equals("PassthroughCluster")
                        || cluster.equals("BlackHoleCluster")
                        || cluster.startsWith("cds_egress_")
                        || isConsuls(cluster)
                ? CLIENT
                : UNKNOWN;
    }
}
