// SPDX-License-Identifier: Apache-2.0
package upstreamreset.matrix;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import upstreamreset.scenario.Request;
import upstreamreset.scenario.Scenario;

/** A proxy or a client other than Envoy that receives HTTP/1 responses. Several threads use it at once. */
interface HttpImplementation extends AutoCloseable {
    /** How long a client waits for a whole response. */
    Duration PATIENCE = Duration.ofSeconds(5);

    /** The title of its column: name and version. */
    String title();

    /** Why this request cannot be made with, or through, it; empty when it can. */
    default Optional<String> cannot(Request request) {
        return request.raw().map(_ -> "the request itself is broken");
    }

    /**
     * Makes the scenario's request.
     *
     * @throws IOException when the implementation itself failed: what it would do after that counts for nothing
     */
    ObservedResponse ask(Scenario scenario) throws IOException, InterruptedException;

    @Override
    default void close() {
        // a client's process ends with its request
    }

    /** Why the scenario cannot be run against it; empty when it can. */
    default Optional<String> cannot(Scenario scenario) {
        if (scenario.liveInHttp2()) {
            return Optional.of("the app speaks HTTP/2");
        }
        if (!scenario.mesh().sidecar().isEmpty() || scenario.mesh().client().isPresent()) {
            return Optional.of("it is about Envoy's own configuration");
        }
        return cannot(scenario.request());
    }
}
