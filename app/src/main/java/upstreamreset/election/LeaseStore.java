// SPDX-License-Identifier: Apache-2.0
package upstreamreset.election;

import java.util.Optional;
import upstreamreset.kubernetes.ApiException;
import upstreamreset.kubernetes.Failure;

/** The store of one Lease. Calls block and end soon after an interrupt. */
public interface LeaseStore {
    /** The Lease as it is; empty if there is none. */
    Optional<LeaseRecord> read() throws ApiException, InterruptedException;

    /**
     * Writes the whole record and returns it as stored. With a version it replaces exactly that version of exactly that
     * uid; without one it creates. Anything else is a {@link Failure.Kind#CONFLICT}.
     */
    LeaseRecord write(LeaseRecord record) throws ApiException, InterruptedException;

    /**
     * Begins to watch from after {@code version} (from the present state where that is empty) and returns when the watch
     * is open. The watcher gets every change in order, until closed.
     */
    Watch watch(String version, Watcher watcher) throws ApiException, InterruptedException;

    /** An open watch. Closing it twice does no harm; {@link Watcher#closed} is not called for it. */
    interface Watch extends AutoCloseable {
        @Override
        void close();
    }

    /** Receives what the watch reports. */
    interface Watcher {
        void seen(LeaseRecord record);

        /** The Lease was deleted; {@code version} is that of the deletion. */
        void deleted(String version);

        /** The watch has ended; {@code expired} if its version is too old to continue from (410). */
        void closed(boolean expired);
    }
}
