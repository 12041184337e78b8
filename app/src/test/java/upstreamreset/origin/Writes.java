// SPDX-License-Identifier: Apache-2.0
package upstreamreset.origin;

import java.util.stream.Stream;
import upstreamreset.scenario.WireScript;
import upstreamreset.scenario.WireStep;
import upstreamreset.wire.Bytes;

/** How the bytes of one send go to the kernel. */
public enum Writes {
    WHOLE,
    /** One write, and so one segment at the least, for each byte. */
    ONE_BYTE;

    /** The script that sends the same bytes in such writes. */
    public WireScript of(WireScript script) {
        return new WireScript(
                script.protocol(), script.steps().stream().flatMap(this::steps).toList());
    }

    private Stream<WireStep> steps(WireStep step) {
        return this == ONE_BYTE && step instanceof WireStep.Send(var bytes)
                ? bytes.latin1().chars().mapToObj(c -> new WireStep.Send(Bytes.of(new byte[] {(byte) c})))
                : Stream.of(step);
    }
}
