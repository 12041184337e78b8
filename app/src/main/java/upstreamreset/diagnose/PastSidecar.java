// SPDX-License-Identifier: Apache-2.0
package upstreamreset.diagnose;

import java.util.Optional;
import upstreamreset.probe.PortSpeech;
import upstreamreset.probe.ProbeResult;

/** The response of the app's port without the sidecar in between. */
public sealed interface PastSidecar {
    /**
     * It answered.
     *
     * @param proof how we know that the sidecar was not involved; empty if we do not
     */
    record Answered(ProbeResult.Answered answer, Optional<String> proof) implements PastSidecar {}

    /** The sidecar answered after all: this runtime's port-forward does not come past it. */
    record WentThrough(ProbeResult.Answered answer, String why) implements PastSidecar {}

    /** Nothing listens on the port inside the Pod. */
    record Refused(int port) implements PastSidecar {}

    /** The port speaks another protocol than it was asked in, or is declared to speak another. */
    record OtherProtocol(PortSpeech speech, String why) implements PastSidecar {}

    /** It could not be asked; one sentence. */
    record Failed(String why) implements PastSidecar {}

    /** It was not to be asked; one sentence. */
    record NotAsked(String why) implements PastSidecar {}
}
