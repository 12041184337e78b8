// SPDX-License-Identifier: Apache-2.0
package upstreamreset.election.kubernetes;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;
import upstreamreset.election.LeaseRecord;
import upstreamreset.election.LeaseStore;
import upstreamreset.kubernetes.ApiException;
import upstreamreset.kubernetes.Failure;
import upstreamreset.kubernetes.KubeApi;
import upstreamreset.kubernetes.KubeRequest;
import upstreamreset.output.JsonTree;

/**
 * One {@code coordination.k8s.io/v1} Lease. Every write is a PUT of the whole object to its own name, which RBAC can bind:
 * with uid and resourceVersion where it exists, so that the API server refuses it if anything has changed; without where it
 * is to be created, which the API server refuses if it exists.
 */
final class KubernetesLeaseStore implements LeaseStore {
    /** Kubernetes' MicroTime takes exactly six digits. */
    static final DateTimeFormatter MICRO_TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);

    private final KubeApi api;
    private final String namespace;
    private final String name;
    private final String path;

    KubernetesLeaseStore(KubeApi api, String namespace, String name) {
        this.api = api;
        this.namespace = namespace;
        this.name = name;
        this.path = path(namespace) + "/" + name;
    }

    private static String path(String namespace) {
        return "/apis/coordination.k8s.io/v1/namespaces/" + namespace + "/leases";
    }

    private String object() {
        return "leases.coordination.k8s.io/" + name + " in namespace " + namespace;
    }

    @Override
    public Optional<LeaseRecord> read() throws ApiException, InterruptedException {
        return api.call(KubeRequest.get(object(), path)).map(KubernetesLeaseStore::record);
    }

    @Override
    public LeaseRecord write(LeaseRecord record) throws ApiException, InterruptedException {
        var verb = record.version().isEmpty() ? "create" : "update";
        return api.call(KubeRequest.put(verb, object(), path, JsonTree.text(json(record))))
                .map(KubernetesLeaseStore::record)
                .orElseThrow(() -> new ApiException(
                        new Failure(Failure.Kind.REFUSED, "There is no namespace " + namespace + ".")));
    }

    @Override
    public Watch watch(String version, Watcher watcher) throws ApiException, InterruptedException {
        var query = "?watch=true&allowWatchBookmarks=false&fieldSelector=metadata.name%3D" + name
                + (version.isEmpty() ? "" : "&resourceVersion=" + version);
        var request = new KubeRequest("watch", object(), "GET", path(namespace) + query, "", "");
        return LeaseWatch.open(api, request, watcher);
    }

    static LeaseRecord record(JsonNode lease) {
        var metadata = lease.path("metadata");
        var spec = lease.path("spec");
        return new LeaseRecord(
                metadata.path("uid").asString(""),
                metadata.path("resourceVersion").asString(""),
                JsonTree.text(kept(metadata)),
                spec.path("holderIdentity").asString(""),
                spec.path("leaseDurationSeconds").asInt(0),
                spec.path("leaseTransitions").asInt(0),
                time(spec.path("acquireTime")),
                time(spec.path("renewTime")));
    }

    /** The metadata of others, which must survive our PUT. */
    private static ObjectNode kept(JsonNode metadata) {
        var kept = JsonTree.object();
        for (var field : new String[] {"labels", "annotations", "ownerReferences", "finalizers"}) {
            if (metadata.has(field)) {
                kept.set(field, metadata.get(field));
            }
        }
        return kept;
    }

    private ObjectNode json(LeaseRecord record) throws ApiException {
        var lease = JsonTree.object();
        lease.put("apiVersion", "coordination.k8s.io/v1").put("kind", "Lease");
        var metadata = lease.putObject("metadata");
        if (!record.metadata().isEmpty()) {
            metadata.setAll((ObjectNode) KubeApi.parse(record.metadata()));
        }
        metadata.put("name", name).put("namespace", namespace);
        if (!record.version().isEmpty()) {
            // Both: with the uid alone in question, a Lease that was deleted and made anew is not ours.
            metadata.put("uid", record.uid()).put("resourceVersion", record.version());
        }
        var spec = lease.putObject("spec")
                .put("holderIdentity", record.holder())
                .put("leaseDurationSeconds", record.durationSeconds())
                .put("leaseTransitions", record.transitions());
        put(spec, "acquireTime", record.acquireTime());
        put(spec, "renewTime", record.renewTime());
        return lease;
    }

    private static void put(ObjectNode spec, String field, @Nullable Instant time) {
        if (time != null) {
            spec.put(field, MICRO_TIME.format(time));
        }
    }

    private static @Nullable Instant time(JsonNode value) {
        try {
            return value.isString() ? Instant.parse(value.asString()) : null;
        } catch (DateTimeParseException e) {
            return null;
        }
    }
}
