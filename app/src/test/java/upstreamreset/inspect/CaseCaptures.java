// SPDX-License-Identifier: Apache-2.0
package upstreamreset.inspect;

import java.io.IOException;
import java.util.Objects;
import upstreamreset.capture.CaptureReader;
import upstreamreset.capture.CaptureSummary;
import upstreamreset.tcp.StreamAssembler;

/** The captures in the resources' folder {@code captures}, each a kind of fault of its own. */
final class CaseCaptures {
    private CaseCaptures() {}

    /** Has the capture {@code file} judged by {@code inspection}. */
    static CaptureSummary read(String file, Inspection inspection) throws IOException {
        try (var in = Objects.requireNonNull(CaseCaptures.class.getResourceAsStream("/captures/" + file))) {
            return new CaptureReader(file).read(in, new StreamAssembler(inspection));
        }
    }
}
