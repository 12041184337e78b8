// SPDX-License-Identifier: Apache-2.0
package upstreamreset.election.kubernetes;

import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import upstreamreset.kubernetes.ApiException;
import upstreamreset.kubernetes.KubeApi;
import upstreamreset.kubernetes.KubeRequest;
import upstreamreset.output.JsonTree;

/** Labels our own Pod {@code pod=<hostname>}, so that the leader's Service can select it; tries until it succeeds. */
final class PodLabel implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(PodLabel.class);
    private static final Duration MAX_PAUSE = Duration.ofMinutes(1);

    private final KubeApi api;
    private final KubeRequest request;
    private String said = "";

    PodLabel(KubeApi api, String namespace, String hostname) {
        var labels = JsonTree.object();
        labels.putObject("metadata").putObject("labels").put("pod", hostname);
        this.api = api;
        this.request = KubeRequest.patch(
                "pods/" + hostname + " in namespace " + namespace,
                "/api/v1/namespaces/" + namespace + "/pods/" + hostname,
                JsonTree.text(labels));
    }

    @Override
    public void run() {
        var pause = Duration.ofSeconds(1);
        try {
            while (!labelled()) {
                Thread.sleep(pause);
                pause = pause.multipliedBy(2).compareTo(MAX_PAUSE) < 0 ? pause.multipliedBy(2) : MAX_PAUSE;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean labelled() throws InterruptedException {
        try {
            if (api.call(request).isPresent()) {
                return true;
            }
            say("There is no Pod of our name to label (" + request.object() + ").");
        } catch (ApiException e) {
            say(e.failure().message());
        }
        return false;
    }

    private void say(String message) {
        if (!message.equals(said)) {
            said = message;
            LOG.warn("The Pod is not labelled yet, so the leader's Service cannot select it: {}", message);
        }
    }
}
