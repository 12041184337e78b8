// SPDX-License-Identifier: Apache-2.0
package upstreamreset.election.kubernetes;

import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import upstreamreset.election.LeaderTask;
import upstreamreset.election.Leadership;
import upstreamreset.kubernetes.ApiException;
import upstreamreset.kubernetes.Failure;

/** Keeps the leader's Service pointing to this Pod while it leads, even if others create it later or edit it. */
record LeaderService(ServiceTakeover takeover, String service, String hostname, Duration retry) implements LeaderTask {
    private static final Logger LOG = LoggerFactory.getLogger(LeaderService.class);
    private static final Duration LOOK_AGAIN = Duration.ofSeconds(10);
    private static final Duration AT_ONCE = Duration.ofMillis(20);

    private record Look(String news, Duration pause) {}

    @Override
    public void lead(Leadership leadership) throws InterruptedException {
        var said = "";
        while (leadership.holds()) {
            var look = look(leadership, said);
            if (!look.news().equals(said)) {
                said = look.news();
                LOG.info("{}", said);
            }
            Thread.sleep(look.pause());
        }
    }

    private Look look(Leadership leadership, String said) throws InterruptedException {
        try {
            return switch (takeover.attempt(leadership)) {
                case OURS -> new Look("Service " + service + " points at pod=" + hostname, LOOK_AGAIN);
                case MISSING ->
                    new Look(
                            "There is no Service " + service
                                    + " to point at this Pod; leading all the same, trying again",
                            retry);
                case NOT_LEADER ->
                    new Look("Service " + service + " is left alone: the Lease is no longer ours", retry);
            };
        } catch (ApiException e) {
            return e.failure().kind() == Failure.Kind.CONFLICT
                    ? new Look(said, AT_ONCE)
                    : new Look("Service " + service + " is not ours yet: " + e.getMessage(), retry);
        }
    }
}
