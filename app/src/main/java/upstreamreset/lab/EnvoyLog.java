// SPDX-License-Identifier: Apache-2.0
package upstreamreset.lab;

import java.util.List;
import upstreamreset.accesslog.AccessLogEntry;

/**
 * The log of one Envoy about one request.
 *
 * @param version Envoy's
 * @param sidecars the line of each sidecar, the client's first
 * @param codecReason why its codec refused the response; empty if it did not
 */
record EnvoyLog(String version, List<SidecarLog> sidecars, String codecReason) {
    EnvoyLog {
        sidecars = List.copyOf(sidecars);
    }

    /** The line of the sidecar next to the app. */
    AccessLogEntry ofApp() {
        return sidecars.getLast().entry();
    }

    /** The line of the sidecar next to the client: the same where there is only one. */
    AccessLogEntry ofClient() {
        return sidecars.getFirst().entry();
    }
}
