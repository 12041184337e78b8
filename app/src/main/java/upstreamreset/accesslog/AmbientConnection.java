// SPDX-License-Identifier: Apache-2.0
package upstreamreset.accesslog;

import java.util.Map;
import java.util.Optional;

/**
 * One connection as ztunnel, the node proxy of Istio's ambient mode, logs it; a field that the line leaves out is
 * empty. It has bytes and identities, but no HTTP.
 *
 * @param fields by ztunnel's own names, {@code dst.workload} for example
 */
public record AmbientConnection(Map<String, String> fields) {
    public AmbientConnection {
        fields = Map.copyOf(fields);
    }

    public Optional<String> text(String field) {
        return Optional.ofNullable(fields.get(field));
    }

    /** The reason of the failure in ztunnel's words; empty if there was none. */
    public Optional<String> error() {
        return text("error");
    }

    /** Whether the ztunnel of the client's node wrote the line: then it dialled the other node. */
    public boolean outbound() {
        return text("direction").equals(Optional.of("outbound"));
    }

    /** Whether the line says which side wrote it. */
    public boolean hasDirection() {
        return fields.containsKey("direction");
    }

    /** For example {@code api/webapp-7dc4469cf6-6qm6b}; else the address. */
    public String source() {
        return peer("src");
    }

    /** The workload that was called; else the service, else the address. */
    public String destination() {
        return peer("dst");
    }

    private String peer(String side) {
        var name = fields.get(side + ".workload");
        var namespace = fields.get(side + ".namespace");
        if (name == null) {
            var service = fields.get(side + ".service");
            return service != null ? service : text(side + ".addr").orElse("an unnamed peer");
        }
        return namespace == null ? name : namespace + "/" + name;
    }
}
