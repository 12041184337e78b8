// SPDX-License-Identifier: Apache-2.0
package upstreamreset.diagnose;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Receives notice of each change in the cluster, before it is made and after it is undone. */
public interface Watcher {
    /**
     * Before any level is raised.
     *
     * @param restoring the command that restores the levels by hand, should we be killed
     */
    void raising(List<String> changes, String restoring);

    /** After they were to be restored; {@code failure} says why that did not work, one sentence. */
    void restored(Optional<String> failure, String restoring);

    /** How long it is tried to restore them, at most. */
    default Duration patience() {
        return Duration.ofSeconds(15);
    }

    /** The long work, in a few words. */
    void waiting(String what);
}
