// SPDX-License-Identifier: Apache-2.0
package upstreamreset.accesslog;

/** Which proxy wrote a line, as far as the names of Istio's clusters tell ({@code pilot/pkg/model/context.go}). */
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

    /** Whose log {@code entry} is from. */
    public static Side of(AccessLogEntry entry) {
        var cluster = entry.text(LogField.UPSTREAM_CLUSTER).orElse("");
        if (cluster.startsWith("inbound-vip|")) {
            return WAYPOINT;
        }
        if (cluster.startsWith("inbound|") || cluster.startsWith("InboundPassthrough")) {
            return SERVER;
        }
        return cluster.startsWith("outbound|")
                        || cluster.startsWith("outbound_.")
                        || cluster.equals("PassthroughCluster")
                        || cluster.equals("BlackHoleCluster")
                ? CLIENT
                : UNKNOWN;
    }
}
