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
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xnio.XnioIoThread;
import upstreamreset.site.LiveFeed;

/**
 * {@code /events}: the last answers and the election, as server-sent events to at most {@link #MAX_SUBSCRIBERS}
 * clients. All of them get news at the same time, from the same bytes; a client that does not read misses them.
 */
final class LiveHandler implements HttpHandler {
    static final int MAX_SUBSCRIBERS = 100;

    private static final Logger LOG = LoggerFactory.getLogger(LiveHandler.class);
    private static final long TICK_MILLIS = 500;
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
        var known = exchange.getRequestHeaders().getFirst(LAST_EVENT_ID);
        var first = feed.first(feed.begin(known == null ? "" : known), pod, RETRY);
        if (!ConnectionGuard.of(exchange).holdsAnswer(first.bytes().remaining())) {
            refuse(exchange, "Too many unread answers at once; ask again later.");
            return;
        }
        var subscriber = new LiveSubscriber(exchange, silence, this::left);
        if (!enter(subscriber, exchange.getIoThread())) {
            refuse(
                    exchange,
                    stopping()
                            ? "This Pod is draining: no live view here."
                            : "The live view has " + MAX_SUBSCRIBERS + " viewers, all that it takes; ask again later.");
            return;
        }
        exchange.dispatch(SameThreadExecutor.INSTANCE, () -> subscriber.start(first));
    }

    private static void refuse(HttpServerExchange exchange, String sentence) {
        exchange.getResponseHeaders().remove(ACCEL_BUFFERING);
        exchange.getResponseHeaders().put(Headers.RETRY_AFTER, "30");
        Responses.text(exchange, StatusCodes.SERVICE_UNAVAILABLE, sentence);
    }

    /** Ends all streams at the next tick, and begins none. */
    synchronized void stop() {
        stopping = true;
    }

    int count() {
        return subscribers.size();
    }

    private synchronized boolean stopping() {
        return stopping;
    }

    private synchronized boolean enter(LiveSubscriber subscriber, XnioIoThread thread) {
        if (stopping || subscribers.size() >= MAX_SUBSCRIBERS) {
            return false;
        }
        subscribers.add(subscriber);
        if (ticking == null) {
            ticking = thread;
            tickLater(thread);
        }
        return true;
    }

    private void left(LiveSubscriber subscriber) {
        subscribers.remove(subscriber);
    }

    private void tickLater(XnioIoThread thread) {
        var _ = thread.executeAfter(this::tick, TICK_MILLIS, TimeUnit.MILLISECONDS);
    }

    /** Runs while there is a subscriber. */
    private void tick() {
        try {
            boolean ending = stopping();
            long now = System.nanoTime();
            // First the subscribers, then the moment: none of them is further than it.
            var present = List.copyOf(subscribers);
            var moment = feed.moment();
            present.forEach(each -> each.tick(moment, now, ending));
            synchronized (this) {
                var thread = ticking;
                if (subscribers.isEmpty() || thread == null) {
                    ticking = null;
                } else {
                    tickLater(thread);
                }
            }
        } catch (RejectedExecutionException e) {
            LOG.debug("The server is closing", e);
        }
    }
}
