// SPDX-License-Identifier: Apache-2.0
package upstreamreset.server;

import java.util.List;
import upstreamreset.site.RecentAnswers;
import upstreamreset.wire.Bytes;

/** Records the outcome of one scenario's response once it has ended. */
record Answered(RecentAnswers answers, String scenario) {
    /**
     * @param bytes how many of them the kernel took
     * @param parts the bytes to send, from the first one on
     */
    void ended(long bytes, List<Bytes> parts, String how) {
        answers.add(scenario, bytes, parts, how);
    }
}
