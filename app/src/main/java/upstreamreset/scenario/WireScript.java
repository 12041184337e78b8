// SPDX-License-Identifier: Apache-2.0
package upstreamreset.scenario;

import java.util.List;
import upstreamreset.wire.Bytes;

/**
 * What an origin does on one connection, byte for byte. A script that does not end the connection starts again at the next
 * request on it, as a keep-alive server does.
 */
public record WireScript(List<WireStep> steps) implements Source {
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
        if (!steps.getLast().last() && !waitsForRequest(steps.getFirst())) {
            throw new IllegalArgumentException("neither waits for a request first nor ends the connection");
        }
    }

    private static boolean waitsForRequest(WireStep step) {
        return step instanceof WireStep.ReadRequest || step instanceof WireStep.ReadHead;
    }

    /** All that the script sends, in order. */
    public Bytes sent() {
        return Bytes.concat(steps.stream()
                .filter(WireStep.Send.class::isInstance)
                .map(step -> ((WireStep.Send) step).bytes())
                .toList());
    }
}
