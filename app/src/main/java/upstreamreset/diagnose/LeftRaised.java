// SPDX-License-Identifier: Apache-2.0
package upstreamreset.diagnose;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Passes all on to another watcher, and keeps the command that restores levels which could not be restored. */
final class LeftRaised implements Watcher {
    private final Watcher watcher;
    private volatile String command = "";

    LeftRaised(Watcher watcher) {
        this.watcher = watcher;
    }

    /** The command that restores what is still raised; empty if nothing is. */
    Optional<String> command() {
        return Optional.of(command).filter(each -> !each.isEmpty());
    }

    @Override
    public void raising(List<String> changes, String restoring) {
        watcher.raising(changes, restoring);
    }

    @Override
    public void restored(Optional<String> failure, String restoring) {
        command = failure.isPresent() ? restoring : "";
        watcher.restored(failure, restoring);
    }

    @Override
    public Duration patience() {
        return watcher.patience();
    }

    @Override
    public void waiting(String what) {
        watcher.waiting(what);
    }
}
