// SPDX-License-Identifier: Apache-2.0
package upstreamreset.origin;

import java.io.IOException;
import java.io.InputStream;
import upstreamreset.scenario.WireScript;

/** Reads the requests of one connection just enough to know where each one ends. */
interface RequestSource {
    /** Reads the next head; false when the peer ended the connection instead. */
    boolean head() throws IOException;

    /** Reads the body that the head announced. */
    void body() throws IOException;

    static RequestSource of(WireScript.Protocol protocol, InputStream in) {
        return switch (protocol) {
            case HTTP_1 -> new Http1Requests(in);
            case HTTP_2 -> new Http2Requests(in);
        };
    }
}
