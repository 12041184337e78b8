// SPDX-License-Identifier: Apache-2.0
package upstreamreset.election.kubernetes;

import java.time.Instant;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import upstreamreset.election.ElectionOptions;
import upstreamreset.election.Term;
import upstreamreset.kubernetes.ApiException;
import upstreamreset.kubernetes.KubeApi;
import upstreamreset.kubernetes.KubeRequest;
import upstreamreset.output.JsonTree;

/** Posts a Kubernetes Event about the Lease for each transition, as client-go's recorder does. Best effort. */
record TransitionEvents(KubeApi api, ElectionOptions options) {
    private static final Logger LOG = LoggerFactory.getLogger(TransitionEvents.class);

    /** Posts it on a thread of its own: an API server that hangs must not hold up an election. */
    void post(Term term, String note) {
        var at = Instant.now();
        Thread.ofVirtual().name("transition-event").start(() -> {
            try {
                api.call(KubeRequest.post(
                        "events.events.k8s.io in namespace " + options.namespace(),
                        "/apis/events.k8s.io/v1/namespaces/" + options.namespace() + "/events",
                        event(term, note, at)));
            } catch (ApiException e) {
                LOG.warn("No Kubernetes Event \"{}\": {}", note, e.getMessage());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    private String event(Term term, String note, Instant at) {
        var lease = options.leaseName();
        var namespace = options.namespace();
        var event = JsonTree.object();
        event.put("apiVersion", "events.k8s.io/v1").put("kind", "Event");
        event.putObject("metadata").put("generateName", lease + "-").put("namespace", namespace);
        event.put("eventTime", KubernetesLeaseStore.MICRO_TIME.format(at))
                .put("reportingController", "upstream-reset")
                .put("reportingInstance", options.hostname())
                .put("action", "LeaderElection")
                .put("reason", "LeaderElection")
                .put("type", "Normal")
                .put("note", note);
        event.putObject("regarding")
                .put("apiVersion", "coordination.k8s.io/v1")
                .put("kind", "Lease")
                .put("namespace", namespace)
                .put("name", lease)
                .put("uid", term.uid());
        return JsonTree.text(event);
    }
}
