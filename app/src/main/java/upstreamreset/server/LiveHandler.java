// SPDX-License-Identifier: Apache-2.0
package upstreamreset.server;

import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.Headers;
import io.undertow.util.HttpString;
import io.undertow.util.Methods;
import io.undertow.util.SameThreadExecutor;
import io.undertow.util.StatusCodes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.xnio.XnioIoThread;
import upstreamreset.site.LiveFeed;

/**
 * {@code /events}: the last answers and the election, as server-sent events to at most {@link #MAX_SUBSCRIBERS}
 * clients. In each round all of them get the same news, a few clients at a time: all at once would hold up the streams
 * that share their threads. A client that does not read misses the news.
 */
final class LiveHandler implements HttpHandler {
    static final int MAX_SUBSCRIBERS = 100;

    private static final long ROUND_MILLIS = 500;

    /** Clients that are told without a pause. */
    private static final int MAX_AT_ONCE = 4;

    private static final Duration RETRY = Duration.ofSeconds(2);
    private static final HttpString LAST_EVENT_ID = new HttpString("Last-Event-ID");
    private static final HttpString ACCEL_BUFFERING = new HttpString("X-Accel-Buffering");

    private final boolean on;
    private final LiveFeed feed;
    private final String pod;
    private final Duration silence;
    private final Set<LiveSubscriber> subscribers = ConcurrentHashMap.newKeySet();
    private @Nullable XnioIoThread ticking;
    private boolean stopping;

    /** @param silence after which a comment says that there is nothing new */
    LiveHandler(boolean on, LiveFeed feed, String pod, Duration silence) {
        this.on = on;
        this.feed = feed;
        this.pod = pod;
        this.silence = silence;
    }

    @Override
    public void handleRequest(HttpServerExchange exchange) {
        if (!on) {
            Responses.text(exchange, StatusCodes.NOT_FOUND, "The live view is off here (serve --live off).");
            return;
        }
        if (!exchange.isRequestComplete()) {
            exchange.setPersistent(false);
            Responses.text(exchange, StatusCodes.BAD_REQUEST, "A request for the live view has no body.");
            return;
        }
        exchange.getResponseHeaders()
                .put(Headers.CONTENT_TYPE, "text/event-stream")
                .put(Headers.X_CONTENT_TYPE_OPTIONS, "nosniff")
                .put(Headers.CACHE_CONTROL, "no-store")
                .put(ACCEL_BUFFERING, "no");
        if (exchange.getRequestMethod().equals(Methods.HEAD)) {
            exchange.endExchange();
            return;
        }
        // Before any work: a client that is refused must cost nothing.
        if (!hasRoom()) {
            refuseAnother(exchange);
            return;
        }
        var known = exchange.getRequestHeaders().getFirst(LAST_EVENT_ID);
        var first = feed.first(feed.begin(known == null ? "" : known), pod, RETRY);
        if (!ConnectionGuard.of(exchange).holdsAnswer(first.bytes().remaining())) {
            refuse(exchange, "Too many unread answers at once; ask again later.");
            return;
        }
        var subscriber = new LiveSubscriber(exchange, silence, this::left);
        if (!enter(subscriber, exchange.getIoThread())) {
            refuseAnother(exchange);
            return;
        }
        exchange.dispatch(SameThreadExecutor.INSTANCE, () -> subscriber.start(first));
    }

    private void refuseAnother(HttpServerExchange exchange) {
        refuse(
                exchange,
                stopping()
                        ? "This Pod is draining: no live view here."
                        : "The live view has " + MAX_SUBSCRIBERS + " viewers, all that it takes; ask again later.");
    }

    private static void refuse(HttpServerExchange exchange, String sentence) {
        exchange.getResponseHeaders().remove(ACCEL_BUFFERING);
        exchange.getResponseHeaders().put(Headers.RETRY_AFTER, "30");
        Responses.text(exchange, StatusCodes.SERVICE_UNAVAILABLE, sentence);
    }

    /** Ends all streams, and begins none. */
    void stop() {
        synchronized (this) {
            stopping = true;
        }
        tell(List.copyOf(subscribers), feed.moment());
    }

    /** Waits until the last stream has ended, or for the given time: one that does not read is not waited for any longer. */
    void awaitNone(Duration atMost) throws InterruptedException {
        Monitor.await(this, subscribers::isEmpty, atMost);
    }

    int count() {
        return subscribers.size();
    }

    private synchronized boolean stopping() {
        return stopping;
    }

    private synchronized boolean hasRoom() {
        return !stopping && subscribers.size() < MAX_SUBSCRIBERS;
    }

    private synchronized boolean enter(LiveSubscriber subscriber, XnioIoThread thread) {
        if (!hasRoom()) {
            return false;
        }
        subscribers.add(subscriber);
        if (ticking == null) {
            ticking = thread;
            later(this::round, ROUND_MILLIS);
        }
        return true;
    }

    private synchronized void left(LiveSubscriber subscriber) {
        subscribers.remove(subscriber);
        notifyAll();
    }

    /** Tells those who are there what is new; runs while there is a subscriber. */
    private void round() {
        // First the subscribers, then the moment: none of them is further than it.
        var present = List.copyOf(subscribers);
        synchronized (this) {
            if (present.isEmpty() && subscribers.isEmpty()) {
                ticking = null;
                return;
            }
        }
        tell(present, feed.moment());
        later(this::round, ROUND_MILLIS);
    }

    /** Tells each on its own thread, spread over the round; at once where this is the end. */
    private void tell(List<LiveSubscriber> all, LiveFeed.Moment moment) {
        boolean ending = stopping();
        var threads = new HashMap<XnioIoThread, List<LiveSubscriber>>();
        all.forEach(each ->
                threads.computeIfAbsent(each.thread(), _ -> new ArrayList<>()).add(each));
        int parts = (all.size() + MAX_AT_ONCE - 1) / MAX_AT_ONCE + threads.size();
        int part = 0;
        for (var each : threads.entrySet()) {
            var some = each.getValue();
            for (int from = 0; from < some.size(); from += MAX_AT_ONCE) {
                var few = some.subList(from, Math.min(some.size(), from + MAX_AT_ONCE));
                long wait = ending ? 0 : ROUND_MILLIS * part++ / parts;
                Timers.later(each.getKey(), () -> few.forEach(one -> one.proceed(moment, ending)), wait);
            }
        }
    }

    private synchronized void later(Runnable next, long millis) {
        var thread = ticking;
        if (thread != null) {
            Timers.later(thread, next, millis);
        }
    }
}
