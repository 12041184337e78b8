// SPDX-License-Identifier: Apache-2.0
package upstreamreset.election;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The election beside a running app, which it never disturbs. The default methods describe an app that does not
 * compete.
 */
public interface Candidacy extends AutoCloseable {
    /** Of an app that does not compete, or not yet. */
    Candidacy NONE = new Candidacy() {};

    /**
     * The label under which a request through the mesh is counted; {@code outcome} in the words of our JSON, or {@code
     * unreachable}.
     */
    record MeshLabel(String path, String outcome) {}

    /** The election as it is, from any thread. */
    default ElectionStatus status() {
        return ElectionStatus.NONE;
    }

    /** The terms that were seen on the Lease, the oldest first; the same list until one begins or ends. */
    default List<SeenTerm> terms() {
        return List.of();
    }

    /** Why this process should be restarted; empty if it should not. */
    default Optional<String> unhealthy() {
        return Optional.empty();
    }

    /** How often the leader's requests through the mesh came to what, while this process led. */
    default Map<MeshLabel, Long> meshChecks() {
        return Map.of();
    }

    /** Stops the leader's task, then gives the Lease back; logs where that took too long. */
    default void stop(Duration atMost) throws InterruptedException {}

    /** Ends at once; a Lease that is held is left to run out. */
    @Override
    default void close() {}
}
