// SPDX-License-Identifier: Apache-2.0
package upstreamreset.scenario;

import java.util.List;
import upstreamreset.wire.Bytes;

/**
 * The actions of an origin on one connection, byte for byte. A script that does not end the connection starts again at
 * the next request on it, as a keep-alive server does.
 */
public record WireScript(Protocol protocol, List<WireStep> steps) implements Source {
    /** The protocol of the app's port, known or assumed: it decides what counts as a request. */
    public enum Protocol {
        HTTP_1,
        HTTP_2
    }

    public WireScript {
        steps = List.copyOf(steps);
        if (steps.isEmpty()) {
            throw new IllegalArgumentException("a script without steps");
        }
        for (var step : steps.subList(0, steps.size() - 1)) {
            if (step.last()) {
                throw new IllegalArgumentException("steps after " + step);
            }
        }
        if (!steps.getLast().last() && !waits(steps.getFirst())) {
            throw new IllegalArgumentException("neither waits for a request first nor ends the connection");
        }
    }

    /** Whether it answers a request, or any connection. */
    public boolean waitsForRequest() {
        return waits(steps.getFirst());
    }

    private static boolean waits(WireStep step) {
        return switch (step) {
            case WireStep.ReadRequest _, WireStep.ReadHead _ -> true;
            case WireStep.Send _, WireStep.Pause _, WireStep.Close _, WireStep.Reset _, WireStep.Stall _ -> false;
        };
    }

    /** The script's bytes, in order, piece by piece. */
    public List<Bytes> sends() {
        return steps.stream()
                .filter(WireStep.Send.class::isInstance)
                .map(step -> ((WireStep.Send) step).bytes())
                .toList();
    }

    /** All that the script sends, in order. */
    public Bytes sent() {
        return Bytes.concat(sends());
    }
}
