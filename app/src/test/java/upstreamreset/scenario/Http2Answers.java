// SPDX-License-Identifier: Apache-2.0
package upstreamreset.scenario;

import java.nio.charset.StandardCharsets;
import java.util.List;
import upstreamreset.wire.Bytes;

/** HTTP/2 responses that the catalogue lacks, each with a real Envoy's reaction. */
public final class Http2Answers {
    private static final String FILE = "http2-answers.scenarios";

    private Http2Answers() {}

    /** All the responses. */
    public static List<Scenario> all() {
        var text = Bytes.ofResource(Http2Answers.class, FILE).toArray();
        return ScenarioFile.parse(FILE, new String(text, StandardCharsets.UTF_8));
    }
}
