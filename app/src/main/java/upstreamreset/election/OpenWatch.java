// SPDX-License-Identifier: Apache-2.0
package upstreamreset.election;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import upstreamreset.kubernetes.ApiException;
import upstreamreset.kubernetes.Failure;

/** One watch from its opening to its end; turns its results into events that carry its number. */
final class OpenWatch implements LeaseStore.Watcher {
    private final int number;
    private final Consumer<ElectorEvent> events;
    private @Nullable Thread opening;
    private LeaseStore.@Nullable Watch watch;
    private boolean closed;

    OpenWatch(int number, Consumer<ElectorEvent> events) {
        this.number = number;
        this.events = events;
    }

    synchronized void open(LeaseStore store, String version) {
        opening = Thread.ofVirtual().name("lease-watch").start(() -> {
            try {
                opened(store.watch(version, this));
            } catch (ApiException e) {
                events.accept(new ElectorEvent.WatchClosed(number, e.failure().kind() == Failure.Kind.EXPIRED));
            } catch (InterruptedException e) {
                // Nobody wants it any more.
            } catch (RuntimeException e) {
                events.accept(new ElectorEvent.WatchClosed(number, false));
            }
        });
    }

    private synchronized void opened(LeaseStore.Watch opened) {
        if (closed) {
            opened.close();
        } else {
            watch = opened;
            events.accept(new ElectorEvent.WatchOpened(number));
        }
    }

    synchronized void close() {
        closed = true;
        if (watch != null) {
            watch.close();
        } else if (opening != null) {
            opening.interrupt();
        }
    }

    @Override
    public void seen(LeaseRecord record) {
        events.accept(new ElectorEvent.Seen(number, record));
    }

    @Override
    public void deleted(String version) {
        events.accept(new ElectorEvent.Deleted(number, version));
    }

    @Override
    public void closed(boolean expired) {
        events.accept(new ElectorEvent.WatchClosed(number, expired));
    }
}
