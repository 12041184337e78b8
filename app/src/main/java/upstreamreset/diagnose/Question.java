// SPDX-License-Identifier: Apache-2.0
package upstreamreset.diagnose;

import java.time.Duration;
import java.util.Optional;
import upstreamreset.probe.ProbeRequest;

/**
 * What somebody wants to know of a Pod.
 *
 * @param request without the path: method, fields, body
 * @param path what is asked for, as it was typed; empty to ask nothing
 * @param since how much of the log is read
 * @param port the Pod's, by number or name
 * @param codecLog what of the codec's log is raised for the question
 * @param patience for each answer
 */
public record Question(
        ProbeRequest request,
        Optional<String> path,
        Duration since,
        Optional<String> port,
        CodecLogging codecLog,
        Duration patience) {
    /** How much the sidecar is to log while it is asked. */
    public enum CodecLogging {
        NONE,
        /** Why its codec refuses a response. */
        REASON,
        /** Also each field line, of everybody. */
        FIELDS
    }
}
