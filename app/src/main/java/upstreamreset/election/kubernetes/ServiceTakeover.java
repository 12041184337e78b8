// SPDX-License-Identifier: Apache-2.0
package upstreamreset.election.kubernetes;

import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;
import upstreamreset.election.Leadership;
import upstreamreset.election.LeaseStore;
import upstreamreset.election.Term;
import upstreamreset.kubernetes.ApiException;
import upstreamreset.kubernetes.KubeApi;
import upstreamreset.kubernetes.KubeRequest;
import upstreamreset.output.JsonTree;

/**
 * Points the leader's Service at this Pod so that a late ex-leader cannot take it back. It reads the Service, then verifies
 * on the API that the Lease still runs on this very term, then PUTs the Service with the resourceVersion that it read. An
 * ex-leader that verified before its successor acquired the Lease has also read the Service before the successor wrote it,
 * so its PUT conflicts. Every leader's write must therefore change the Service: an annotation holds the term, because a Pod
 * that was restarted under the same name would otherwise write the same selector again.
 */
final class ServiceTakeover {
    /** The annotation with the term that wrote the selector. */
    static final String TERM = "upstream-reset/leader-term";

    /** The result of an attempt. */
    enum Result {
        /** The Service points at us. */
        OURS,
        /** There is no such Service. */
        MISSING,
        /** The Lease does not run on our term any more, or the leadership has ended. */
        NOT_LEADER
    }

    /** The steps, so that a test can stop between them. */
    enum Step {
        SERVICE_READ,
        LEASE_VERIFIED
    }

    /** Called after each step. */
    interface Pauses {
        void after(Step step) throws InterruptedException;
    }

    private final KubeApi api;
    private final LeaseStore leases;
    private final String object;
    private final String path;
    private final String hostname;
    private final Pauses pauses;

    ServiceTakeover(KubeApi api, LeaseStore leases, String namespace, String service, String hostname, Pauses pauses) {
        this.api = api;
        this.leases = leases;
        this.object = "services/" + service + " in namespace " + namespace;
        this.path = "/api/v1/namespaces/" + namespace + "/services/" + service;
        this.hostname = hostname;
        this.pauses = pauses;
    }

    /** One attempt. A conflict is a {@link ApiException}: try again from the start. */
    Result attempt(Leadership leadership) throws ApiException, InterruptedException {
        var service = api.call(KubeRequest.get(object, path));
        if (service.isEmpty()) {
            return Result.MISSING;
        }
        var ours = pointedHere((ObjectNode) service.get().deepCopy(), leadership.term());
        if (ours.equals(service.get())) {
            return Result.OURS;
        }
        pauses.after(Step.SERVICE_READ);
        Optional<Term> runs = leases.read().map(Term::of);
        if (!runs.equals(Optional.of(leadership.term())) || !leadership.holds()) {
            return Result.NOT_LEADER;
        }
        pauses.after(Step.LEASE_VERIFIED);
        return api.call(KubeRequest.put("update", object, path, JsonTree.text(ours)))
                .map(written -> Result.OURS)
                .orElse(Result.MISSING);
    }

    private ObjectNode pointedHere(ObjectNode service, Term term) {
        var annotations = service.withObjectProperty("metadata").withObjectProperty("annotations");
        annotations.put(TERM, term.uid() + "/" + term.transitions());
        service.withObjectProperty("spec").set("selector", JsonTree.object().put("pod", hostname));
        return service;
    }
}
