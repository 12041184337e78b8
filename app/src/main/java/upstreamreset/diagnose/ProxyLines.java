// SPDX-License-Identifier: Apache-2.0
package upstreamreset.diagnose;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import upstreamreset.accesslog.BoundedLines;
import upstreamreset.accesslog.LogInput;
import upstreamreset.kubernetes.ApiException;
import upstreamreset.kubernetes.KubeApi;
import upstreamreset.pod.Pod;
import upstreamreset.pod.PodLog;
import upstreamreset.pod.Sidecar;

/** Reads the lines of a proxy's log, and says why they are fewer than were asked for. */
record ProxyLines(KubeApi api, Pod from, Duration since) {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    /** A proxy writes its first lines within it. */
    private static final Duration START = Duration.ofMinutes(1);

    /**
     * Gives each line to {@code lines}.
     *
     * @return false if it did not come to its end in time
     */
    boolean read(LogInput.Sink lines) throws ApiException, InterruptedException {
        var cutter = new BoundedLines(lines);
        boolean whole = log().read(since, piece -> cutter.add(piece, piece.length), PATIENCE);
        cutter.end();
        return whole;
    }

    /** Why lines are missing, a sentence each; {@code whole} says that the log came to its end. */
    List<String> problems(boolean whole) throws InterruptedException {
        var problems = new ArrayList<String>();
        if (!whole) {
            problems.add("it is longer than could be read in " + PATIENCE.toSeconds() + " s; shorten --since");
        }
        shortened().ifPresent(problems::add);
        return problems;
    }

    /** Says from when a log reaches, where it should reach further back: the kubelet gives one file of one start of the container. */
    private Optional<String> shortened() throws InterruptedException {
        var started = from.sidecar().flatMap(each -> each.container().started());
        if (started.isEmpty()) {
            return Optional.empty();
        }
        try {
            var first = log().begin();
            boolean rotated =
                    first.isPresent() && first.get().isAfter(started.get().plus(START));
            boolean again = from.sidecar().orElseThrow().container().restarts() > 0;
            // All of it is of the time asked for: it may begin later. Only the node's clock is asked.
            return first.isPresent() && (rotated || again) && first.equals(log().begin(since))
                    ? Optional.of(shortened(first.get(), started.get(), rotated))
                    : Optional.empty();
        } catch (ApiException e) {
            return Optional.empty();
        }
    }

    private String shortened(Instant first, Instant started, boolean rotated) {
        return rotated
                ? "it reaches back to " + first.truncatedTo(ChronoUnit.SECONDS)
                        + " only, for it was rotated, and the kubelet gives the newest file"
                : "it reaches back to " + started + " only, when its container was started again; 'kubectl -n "
                        + from.namespace() + " logs " + from.name() + " -c " + Sidecar.CONTAINER
                        + " --previous' has what was before";
    }

    private PodLog log() {
        return new PodLog(api, from, Sidecar.CONTAINER);
    }
}
