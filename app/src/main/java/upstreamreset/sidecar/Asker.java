// SPDX-License-Identifier: Apache-2.0
package upstreamreset.sidecar;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import upstreamreset.codec.ProxyAlteration;
import upstreamreset.envoy.install.EnvoyException;
import upstreamreset.http1.CloseReason;
import upstreamreset.http1.FramingReport;
import upstreamreset.http1.RawExchange;
import upstreamreset.http1.RequestContext;
import upstreamreset.http1.ResponseReader;
import upstreamreset.http1.Transport;
import upstreamreset.output.Durations;
import upstreamreset.scenario.Request;
import upstreamreset.verdict.Outcome;

/** Sends requests to a fronted app one after the other, and waits for the sidecars' log lines. */
public final class Asker {
    private static final int MAX_BODY = 1 << 20;
    private static final Duration CONNECT = Duration.ofSeconds(5);

    /** How long a sidecar may take to log what has ended; and another one that the request may not have reached. */
    private static final Duration MAX_LOG = Duration.ofSeconds(10);

    private static final Duration MAX_OTHER_LOG = Duration.ofSeconds(1);

    private final FrontedApp app;
    private final Duration timeout;
    private final BlockingQueue<PassedRequest> passed = new LinkedBlockingQueue<>();

    /** For {@code app}, of which nobody else follows the requests. */
    public Asker(FrontedApp app, Duration timeout) {
        this.app = app;
        this.timeout = timeout;
        Thread.ofPlatform().daemon().name("asker").start(this::follow);
    }

    private void follow() {
        try {
            app.follow(passed::add);
        } catch (IOException e) {
            // Envoy has gone: no line comes
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Asks for {@code target}; {@code host} is what Host says. */
    public AskedRequest ask(String target, String host) throws IOException, InterruptedException {
        long begin = System.nanoTime();
        var until = new Until(begin + timeout.toNanos());
        RawExchange.Response got;
        try (var transport = Transport.connect(app.address(), CONNECT)) {
            got = RawExchange.send(transport, Request.GET.onTheWire(target, host), RequestContext.of("GET"), MAX_BODY)
                    .receive(until, MAX_BODY);
        }
        long end = System.nanoTime();
        var took = Duration.ofNanos(end - begin);
        var lines = lines();
        var alterations = new ArrayList<ProxyAlteration>();
        for (int i = 0; i < lines.size(); i++) {
            var line = lines.get(i);
            var altered = got.response().complete() ? alterations(line, got.response()) : List.<ProxyAlteration>of();
            if (!altered.isEmpty()) {
                lines.set(i, line.damaged());
                alterations.addAll(altered);
            }
        }
        boolean left = left(got.response());
        var problem = left ? problem(got.response(), end - until.lastByte) : "";
        var note = left && problem.isEmpty()
                ? "the response was still arriving after %s and %d bytes; reading stopped"
                        .formatted(Durations.text(timeout), got.total())
                : "";
        return new AskedRequest(target, lines, problem, note, alterations, got.response(), took);
    }

    private List<PassedRequest> lines() throws IOException, InterruptedException {
        var lines = new ArrayList<PassedRequest>();
        var first = passed.poll(MAX_LOG.toMillis(), TimeUnit.MILLISECONDS);
        if (first == null) {
            throw new EnvoyException("Envoy did not log the request within " + Durations.text(MAX_LOG)
                    + app.ended().map(words -> "; it has ended. " + words).orElse(""));
        }
        lines.add(first);
        if (app.hasClientSidecar()) {
            var second = passed.poll(MAX_OTHER_LOG.toMillis(), TimeUnit.MILLISECONDS);
            if (second != null) {
                lines.add(first.atClient() ? 1 : 0, second);
            }
        }
        return lines;
    }

    private static List<ProxyAlteration> alterations(PassedRequest line, FramingReport client) {
        if (line.atClient()
                || line.verdict().outcome() != Outcome.PASSES
                || line.sent().length() == 0) {
            return List.of();
        }
        var sent = ResponseReader.read("GET", line.sent().toArray(), end(line));
        return sent.body().length() < MAX_BODY ? ProxyAlteration.between(sent, client) : List.of();
    }

    private static CloseReason end(PassedRequest line) {
        return switch (line.judged().orElseThrow().closedBy()) {
            case "server FIN" -> CloseReason.FIN;
            case "server RST" -> CloseReason.RST;
            default -> CloseReason.OPEN;
        };
    }

    private static boolean left(FramingReport response) {
        return !response.closedBy().bySender() && !response.complete();
    }

    /** A fact that the log cannot show, because we left. */
    private String problem(FramingReport response, long silent) {
        if (response.status() == 0) {
            return "no answer came within " + Durations.text(timeout);
        }
        return silent > timeout.toNanos() / 2 && !response.isEventStream()
                ? "the response had not ended after %s: nothing came any more for %s"
                        .formatted(Durations.text(timeout), Durations.tenths(Duration.ofNanos(silent)))
                : "";
    }

    /** Reads until the response is complete or the time is over. */
    private static final class Until implements RawExchange.Receiver {
        private final long end;
        private long lastByte = System.nanoTime();

        Until(long end) {
            this.end = end;
        }

        @Override
        public void received(byte[] buffer, int length) {
            lastByte = System.nanoTime();
        }

        @Override
        public long patience(ResponseReader response, long total) {
            if (response.done()) {
                return ENOUGH;
            }
            long left = (end - System.nanoTime()) / 1_000_000;
            return left <= 0 ? LEAVE : left;
        }
    }
}
