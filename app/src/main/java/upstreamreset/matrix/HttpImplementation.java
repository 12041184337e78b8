// SPDX-License-Identifier: Apache-2.0
package upstreamreset.matrix;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import upstreamreset.scenario.Request;
import upstreamreset.scenario.Scenario;
import upstreamreset.scenario.WireScript;

/** Something that takes HTTP/1 responses, and is not Envoy. It is asked from several threads at once. */
interface HttpImplementation extends AutoCloseable {
    /** How long one who asks waits for the whole of an answer. */
    Duration PATIENCE = Duration.ofSeconds(5);

    /** What the column is called: name and version. */
    String title();

    /** Why this request cannot be made by, or through, it; empty when it can. */
    Optional<String> cannot(Request request);

    /**
     * Makes the scenario's request.
     *
     * @throws IOException when the recipient itself failed: all that it is asked after that is worth nothing
     */
    Answer ask(Scenario scenario) throws IOException, InterruptedException;

    @Override
    void close();

    /** Why the scenario cannot be put to it; empty when it can. */
    default Optional<String> cannot(Scenario scenario) {
        if (scenario.source() instanceof WireScript script && script.protocol() == WireScript.Protocol.HTTP_2) {
            return Optional.of("the app speaks HTTP/2");
        }
        if (!scenario.mesh().sidecar().isEmpty() || scenario.mesh().client().isPresent()) {
            return Optional.of("it is about Envoy's own configuration");
        }
        return cannot(scenario.request());
    }
}
