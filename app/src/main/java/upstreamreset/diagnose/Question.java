// SPDX-License-Identifier: Apache-2.0
package upstreamreset.diagnose;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import upstreamreset.probe.ProbeRequest;
import upstreamreset.wire.Printable;

/**
 * A user's question about a Pod.
 *
 * @param request without the path: method, fields, body
 * @param path the path to request, as typed; empty to request nothing
 * @param since how far back to read the log
 * @param port the Pod's, by number or name
 * @param codecLog which log levels to raise for the request
 * @param patience the timeout of each response
 */
public record Question(
        ProbeRequest request,
        Optional<String> path,
        Duration since,
        Optional<String> port,
        CodecLogging codecLog,
        Duration patience) {
    /** The request as a sentence names it: {@code GET /cart}. */
    String text() {
        return request.method() + " " + printablePath();
    }

    String printablePath() {
        return Printable.of(path.orElse("/"));
    }

    /** The fields of the request that do not reach the Pod where it is asked by the API server's Pod proxy. */
    List<String> withheld() {
        return PodProxy.withheld(request);
    }

    /** How much the sidecar is to log while it is asked. */
    public enum CodecLogging {
        NONE,
        /** Why its codec refuses a response. */
        REASON,
        /** Also each field line, of everybody. */
        FIELDS
    }
}
