// SPDX-License-Identifier: Apache-2.0
package upstreamreset.election.kubernetes;

import upstreamreset.election.Leadership;

/** One of the things that a leader does, beside the others, on a thread of its own. */
@FunctionalInterface
public interface Duty {
    /** Works while {@code leadership} holds; an interrupt ends it. */
    void perform(Leadership leadership) throws InterruptedException;
}
