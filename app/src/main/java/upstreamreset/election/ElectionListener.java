// SPDX-License-Identifier: Apache-2.0
package upstreamreset.election;

/** Receives what happens, mostly on the election's own thread: it must not block. */
public interface ElectionListener {
    void news(ElectionNews news);

    /** The leader's task ended with an exception; the leadership is given up. */
    void taskFailed(Throwable failure);
}
