// SPDX-License-Identifier: Apache-2.0
package upstreamreset.explain;

import upstreamreset.accesslog.LogLine;

/** Shows explained log lines. */
public interface ExplanationView {
    /** A log that has ended, or all of it so far. */
    void print(LogDigest digest);

    /** One request of a log that is still being written. */
    void request(Explanation explanation);

    /** One connection of ztunnel's log, which is still being written. */
    void connection(LogLine.Ambient connection);

    /** The end of a log that was reported request by request: the totals, and the lines of no request. */
    void totals(LogDigest digest);
}
