// SPDX-License-Identifier: Apache-2.0
package upstreamreset.sidecar;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import upstreamreset.accesslog.AccessLogEntry;
import upstreamreset.accesslog.LogField;
import upstreamreset.accesslog.LoggedExchange;
import upstreamreset.accesslog.Side;
import upstreamreset.envoy.EnvoyOutput;
import upstreamreset.envoy.install.EnvoyException;
import upstreamreset.lab.SidecarLog;
import upstreamreset.tcp.StreamEvent;

/**
 * Joins each line that an Envoy logs with the bytes of its response, as both arrive. {@link #follow} runs on a thread
 * of its caller; events may come from any.
 */
public final class LiveLog {
    /** How long the last bytes, or an end, may come after the line: Envoy logs before it closes. */
    private static final int MAX_WAIT_MILLIS = 300;

    private static final int POLL_MILLIS = 20;

    private final RecentExchanges recent = new RecentExchanges();
    private final String envoyVersion;
    private final Consumer<String> complaints;
    private final AtomicLong unseen = new AtomicLong();

    /** Takes requests as they have passed; returns whether more are wanted. */
    @FunctionalInterface
    public interface Listener {
        boolean passed(PassedRequest request) throws IOException;
    }

    /** For an Envoy of this version; {@code complaints} takes a sentence for each line that cannot be read or matched. */
    public LiveLog(String envoyVersion, Consumer<String> complaints) {
        this.envoyVersion = envoyVersion;
        this.complaints = complaints;
    }

    /** Takes what the tap tells. */
    public void add(StreamEvent event) {
        recent.add(event);
    }

    /** Takes Envoy's address on a connection for which the tap could not connect to the app. */
    public void addUnreached(InetSocketAddress local) {
        recent.addUnreached(local);
    }

    /** How many requests were handed on without the app's bytes, because these are not kept any more. */
    public long unseen() {
        return unseen.get();
    }

    /**
     * Hands on each request that is logged from {@code mark} on, until Envoy ends or no more are wanted. Under load a line
     * may be torn: Envoy writes its own log into the same pipe, and a large write is not atomic (pipe(7), PIPE_BUF).
     */
    public void follow(EnvoyOutput output, int mark, Listener listener) throws IOException, InterruptedException {
        var next = output.awaitNext(mark);
        while (next.isPresent()) {
            var logged = next.get();
            if (logged.gone() > 0) {
                complaints.accept(
                        "Some requests are not shown: %,d lines of Envoy's log came faster than they could be read."
                                .formatted(logged.gone()));
            }
            var request = request(logged);
            if (request.isPresent() && !listener.passed(request.get())) {
                return;
            }
            next = output.awaitNext(logged.mark());
        }
    }

    private Optional<PassedRequest> request(EnvoyOutput.Logged logged) throws InterruptedException {
        AccessLogEntry entry;
        try {
            entry = EnvoyOutput.entry(logged.line());
        } catch (EnvoyException e) {
            complaints.accept("One request is not shown: " + e.getMessage());
            return Optional.empty();
        }
        return Optional.of(request(logged, entry));
    }

    private PassedRequest request(EnvoyOutput.Logged logged, AccessLogEntry entry) throws InterruptedException {
        var log = new SidecarLog(Side.of(entry), logged.line(), entry);
        boolean failed = LoggedExchange.of(entry).failed();
        // Many lines may be waiting: what ended before this one came has come by now.
        long until = logged.arrived() + MAX_WAIT_MILLIS * 1_000_000L;
        while (true) {
            var exchange = exchange(entry);
            var seen = exchange.flatMap(each -> SeenResponse.in(each, id(entry), envoyVersion));
            var reason = failed ? reason(logged, seen) : "";
            boolean unreached = local(entry).map(recent::unreached).orElse(false);
            var request = PassedRequest.of(log, reason, envoyVersion, unreached ? Optional.empty() : seen, unreached);
            boolean explained =
                    request.judged().map(each -> !each.findings().isEmpty()).orElse(false);
            if (!failed || explained || unreached || local(entry).isEmpty() || System.nanoTime() - until > 0) {
                if (seen.isEmpty() && !unreached && local(entry).isPresent()) {
                    missed(exchange);
                }
                return request;
            }
            Thread.sleep(POLL_MILLIS);
        }
    }

    /** A request without bytes of the app: did it send none, or are they not kept? */
    private void missed(Optional<RecentExchanges.Found> exchange) {
        boolean whole =
                exchange.isPresent() && exchange.get().events().stream().noneMatch(StreamEvent.Gap.class::isInstance);
        if (!whole && unseen.getAndIncrement() == 0) {
            complaints.accept("Some requests are shown without their bytes: more passed at once than is kept.");
        }
    }

    private Optional<RecentExchanges.Found> exchange(AccessLogEntry entry) {
        return local(entry).flatMap(address -> recent.find(address, id(entry)));
    }

    private static String id(AccessLogEntry entry) {
        return entry.text(LogField.REQUEST_ID).orElse("");
    }

    /** The model's message, if a codec has logged it since the previous line; else the codec's message. */
    private static String reason(EnvoyOutput.Logged logged, Optional<SeenResponse> seen) {
        var modelled =
                seen.map(each -> each.inspected().judged().envoy().message()).orElse("");
        return logged.reasons().contains(modelled)
                ? modelled
                : logged.reasons().stream().reduce((_, last) -> last).orElse("");
    }

    /** Envoy's local address of the connection to the app. */
    private static Optional<InetSocketAddress> local(AccessLogEntry entry) {
        var text = entry.text(LogField.UPSTREAM_LOCAL_ADDRESS).orElse("");
        int colon = text.lastIndexOf(':');
        if (colon < 0 || Side.of(entry) == Side.CLIENT) {
            return Optional.empty();
        }
        try {
            return Optional.of(new InetSocketAddress(
                    InetAddress.ofLiteral(text.substring(0, colon).replaceAll("[\\[\\]]", "")),
                    Integer.parseInt(text.substring(colon + 1))));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
