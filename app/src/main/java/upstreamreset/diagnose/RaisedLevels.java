// SPDX-License-Identifier: Apache-2.0
package upstreamreset.diagnose;

import java.io.IOException;
import java.util.Optional;
import upstreamreset.diagnose.Question.CodecLogging;
import upstreamreset.kubernetes.ApiException;
import upstreamreset.pod.EnvoyAdmin;
import upstreamreset.pod.Pod;

/**
 * Log levels that stay raised until this is closed or the process gets a signal; prints the command that restores them
 * beforehand.
 */
final class RaisedLevels implements AutoCloseable {
    private final LogLevels levels;
    private final String restoring;
    private final Watcher watcher;
    private final Thread hook;
    private boolean told;

    private RaisedLevels(LogLevels levels, String restoring, Watcher watcher) {
        this.levels = levels;
        this.restoring = restoring;
        this.watcher = watcher;
        this.hook = new Thread(this::stopped, "restore-levels");
    }

    /** @param envoy its version; empty where it does not tell */
    static RaisedLevels raise(
            EnvoyAdmin admin, Pod pod, CodecLogging what, String envoy, Commands commands, Watcher watcher)
            throws ApiException, IOException, InterruptedException {
        var levels = LogLevels.of(admin, what == CodecLogging.FIELDS);
        var restoring = levels.restoringCommand(pod, envoy).map(commands::at).orElse("");
        var raised = new RaisedLevels(levels, restoring, watcher);
        if (restoring.isEmpty()) {
            watcher.waiting("somebody else has raised its log's levels already; they are left as they are");
        } else {
            watcher.raising(levels.changes(), restoring);
        }
        try {
            Runtime.getRuntime().addShutdownHook(raised.hook);
        } catch (IllegalStateException e) {
            throw new IOException("the process is ending", e);
        }
        try {
            levels.raise();
        } catch (ApiException | IOException | InterruptedException e) {
            raised.close();
            throw e;
        }
        return raised;
    }

    boolean disturbed() throws InterruptedException {
        return levels.disturbed();
    }

    /** At a signal. */
    void stopped() {
        if (!restoring.isEmpty()) {
            watcher.waiting("stopped: restores the log levels first, for "
                    + watcher.patience().toSeconds() + " s at most");
        }
        restore();
    }

    private void restore() {
        Optional<String> failure = levels.restore(watcher.patience());
        synchronized (this) {
            if (!told && !restoring.isEmpty()) {
                watcher.restored(failure, restoring);
            }
            told = true;
        }
    }

    @Override
    public void close() {
        restore();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // The process is ending, and the hook runs.
        }
    }
}
