// SPDX-License-Identifier: Apache-2.0
package upstreamreset.explain;

/**
 * Decides when to report results. A log that comes without a pause is reported at its end. A log that pauses is still
 * being written: the results so far are reported, then each failed request as it comes, and the totals at the end. Not
 * thread-safe.
 */
public final class LiveLog {
    /** So many beats without a line are a pause. */
    private static final int PAUSE = 2;

    private final LogDigest digest;
    private final ExplanationView view;
    private long seen;
    private int quiet;
    private boolean live;
    private boolean told;
    private boolean ended;

    public LiveLog(LogDigest digest, ExplanationView view) {
        this.digest = digest;
        this.view = view;
    }

    public LogDigest digest() {
        return digest;
    }

    /** Comes a few times a second while the log is read. */
    public void beat() {
        long lines = digest.lines();
        quiet = lines == seen ? quiet + 1 : 0;
        seen = lines;
        if (ended || lines == 0) {
            return;
        }
        if (!live && quiet >= PAUSE) {
            live = true;
            if (digest.isLong()) {
                view.print(digest);
                told = true;
            }
            digest.follow(!told);
        }
        if (live) {
            tell(false);
        }
    }

    private void tell(boolean all) {
        for (var explanation : digest.news(quiet > 0, all)) {
            view.request(explanation);
            told = true;
        }
        for (var connection : digest.newConnections()) {
            view.connection(connection);
            told = true;
        }
    }

    /** The end, or Ctrl-C; reported once. */
    public void end() {
        if (ended) {
            return;
        }
        ended = true;
        if (told) {
            tell(true);
            view.totals(digest);
        } else {
            view.print(digest);
        }
    }
}
