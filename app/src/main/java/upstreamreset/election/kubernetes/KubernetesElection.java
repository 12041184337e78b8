// SPDX-License-Identifier: Apache-2.0
package upstreamreset.election.kubernetes;

import io.fabric8.kubernetes.client.Config;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import upstreamreset.election.Candidacy;
import upstreamreset.election.Candidacy.MeshLabel;
import upstreamreset.election.Election;
import upstreamreset.election.ElectionStatus;
import upstreamreset.election.SeenTerm;
import upstreamreset.kubernetes.KubeApi;

/** One candidate on a real cluster: connects, labels its Pod, competes for the Lease and runs the leader's task. */
record KubernetesElection(
        KubeApi api,
        MeshCheck mesh,
        Election election,
        @Nullable Thread label) implements Candidacy {
    private static final Logger LOG = LoggerFactory.getLogger(KubernetesElection.class);
    private static final Duration MESH_PERIOD = Duration.ofSeconds(10);
    private static final Duration MESH_PATIENCE = Duration.ofSeconds(15);

    /** Finds the cluster (KUBECONFIG, else the Pod's ServiceAccount) and competes from now on. */
    static KubernetesElection start(CandidateSetup setup) {
        var config = Config.autoConfigure(null);
        var configured = config.getNamespace();
        var options = setup.namespaceGiven() || configured == null
                ? setup.options()
                : setup.options().in(configured);
        var api = new KubeApi(config, options.renewalDeadline());
        var store = new KubernetesLeaseStore(api, options.namespace(), options.leaseName());
        LOG.info(
                "Competing for Lease {} in namespace {} as {}",
                options.leaseName(),
                options.namespace(),
                options.identity());
        var takeover =
                new ServiceTakeover(api, store, options.namespace(), setup.service(), options.hostname(), step -> {});
        var mesh = new MeshCheck(setup.mesh(), MESH_PERIOD, MESH_PATIENCE);
        var loop = new LeaderLoop(
                List.of(new LeaderService(takeover, setup.service(), options.hostname(), options.retryPeriod()), mesh));
        var events = new TransitionEvents(api, options);
        var label = setup.inPod()
                ? Thread.ofVirtual().name("pod-label").start(new PodLabel(api, options.namespace(), options.hostname()))
                : null;
        return new KubernetesElection(
                api, mesh, Election.start(options, store, loop, new ElectionLog(options, events)), label);
    }

    @Override
    public ElectionStatus status() {
        return election.status();
    }

    @Override
    public List<SeenTerm> terms() {
        return election.terms();
    }

    @Override
    public Optional<String> unhealthy() {
        return election.unhealthy();
    }

    @Override
    public Map<MeshLabel, Long> meshChecks() {
        return mesh.counts();
    }

    @Override
    public void stop(Duration atMost) throws InterruptedException {
        if (label != null) {
            label.interrupt();
        }
        if (!election.stop(atMost)) {
            LOG.warn("The Lease was not given back within {} s: it runs out by itself", atMost.toSeconds());
        }
    }

    @Override
    public void close() {
        election.close();
        api.close();
    }
}
