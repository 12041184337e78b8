// SPDX-License-Identifier: Apache-2.0
package upstreamreset.probe;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import upstreamreset.http1.BodyFraming;
import upstreamreset.http1.CloseReason;
import upstreamreset.http1.FramingReport;
import upstreamreset.http1.Rule;
import upstreamreset.http1.Transport;

/**
 * Probes servers, several side by side, each with two requests on one connection where that is safe: the second one
 * also accepts compressed responses.
 */
public record Probe(ProbeRequest request, Limits limits, String envoyVersion) {
    /** Side by side: a list of many servers must not take more sockets than a process may have. */
    private static final int MAX_SERVERS = 200;

    /** An answer that takes more of the timeout than this part leaves too little of it for another one. */
    private static final int QUICK = 4;

    private static final Duration START_POLL = Duration.ofMillis(100);

    /** Takes the results. */
    public interface Listener {
        void found(ProbeResult result) throws IOException, InterruptedException;
    }

    /** Hands on the results in the order of the targets, each as soon as it and those before it are known. */
    public void all(List<Target> targets, Listener listener) throws IOException, InterruptedException {
        var free = new Semaphore(MAX_SERVERS);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var probes = new ArrayList<Future<ProbeResult>>();
            for (var target : targets) {
                probes.add(threads.submit(() -> {
                    free.acquire();
                    try {
                        return one(target);
                    } finally {
                        free.release();
                    }
                }));
            }
            for (var probe : probes) {
                listener.found(probe.get());
            }
        } catch (ExecutionException e) {
            throw new IllegalStateException("a probe failed: " + e.getCause(), e.getCause());
        }
    }

    /** Probes one server. */
    public ProbeResult one(Target target) {
        long until = System.nanoTime() + limits.start().toNanos();
        while (true) {
            var result = attempt(target);
            if (System.nanoTime() >= until || !starting(result)) {
                return greeted(result);
            }
            try {
                Thread.sleep(START_POLL);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return result;
            }
        }
    }

    /** A port that closes without a byte may speak TLS or HTTP/2: greeted so, it says it. */
    private static ProbeResult greeted(ProbeResult result) {
        if (result instanceof ProbeResult.Answered answered
                && !answered.target().tls()
                && answered.exchanges().getFirst().closedWithoutAByte()) {
            var speech = PortSpeech.behindSilence(answered.target());
            if (speech.isPresent()) {
                var rule = speech.get() == PortSpeech.TLS ? Rule.SPEAKS_TLS : Rule.SPEAKS_HTTP2;
                return answered.firstSpeaking(rule);
            }
        }
        return result;
    }

    /** Whether the server may still be starting: nothing listens, or a forwarder to it listens and closes. */
    private static boolean starting(ProbeResult result) {
        return switch (result) {
            case ProbeResult.Unreachable unreachable -> unreachable.perhapsLater();
            case ProbeResult.Answered answered ->
                answered.exchanges().getFirst().closedWithoutAByte();
        };
    }

    private ProbeResult attempt(Target target) {
        long begin = System.nanoTime();
        try (var connection = ProbeConnection.open(target, limits)) {
            var first = connection.exchange(request, envoyVersion, limits);
            if (first.headIsComing()) {
                return new ProbeResult.Unreachable(target, ProbeSummary.coming(first), false, since(begin));
            }
            var exchanges = new ArrayList<>(List.of(first));
            var reuse = afterwards(first.response());
            boolean quick = first.took().compareTo(limits.timeout().dividedBy(QUICK)) < 0;
            if (reuse == Reuse.REUSED && !(quick && request.safe() && connection.sent())) {
                reuse = Reuse.NOT_TRIED;
            } else if (reuse == Reuse.REUSED) {
                var second = connection.exchange(request.takingCompressed(), envoyVersion, left(begin));
                if (second.closedWithoutAByte()) {
                    reuse = Reuse.SILENT_CLOSE;
                } else if (second.headIsComing()) {
                    reuse = Reuse.NOT_TRIED;
                } else {
                    exchanges.add(first.clean() && !second.clean() ? alone(target, begin, second) : second);
                }
            } else if (quick && first.clean() && request.safe() && request.mayTakeCompressed()) {
                askCompressed(target, begin).filter(each -> !each.clean()).ifPresent(exchanges::add);
            }
            return new ProbeResult.Answered(
                    target, request, exchanges, reuse, Optional.empty(), since(begin), Optional.empty());
        } catch (ProbeException e) {
            return new ProbeResult.Unreachable(target, String.valueOf(e.getMessage()), e.perhapsLater(), since(begin));
        } catch (IOException e) {
            return new ProbeResult.Unreachable(target, String.valueOf(e.getMessage()), false, since(begin));
        }
    }

    /** The fault of a second answer may be that it is compressed, or that it is the second: asked alone, it says which. */
    private Exchange alone(Target target, long begin, Exchange second) {
        if (!request.mayTakeCompressed()) {
            return second;
        }
        return askCompressed(target, begin).filter(each -> !each.clean()).orElse(second.asSecond());
    }

    /** Asks for a compressed answer on a connection of its own; empty if that fails. */
    private Optional<Exchange> askCompressed(Target target, long begin) {
        var left = left(begin);
        try (var connection = ProbeConnection.open(target, left)) {
            return Optional.of(connection.exchange(request.takingCompressed(), envoyVersion, left));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private Limits left(long begin) {
        var left = limits.timeout().minusNanos(System.nanoTime() - begin);
        var least = limits.timeout().dividedBy(QUICK);
        return limits.within(left.compareTo(least) > 0 ? left : least);
    }

    private static Duration since(long begin) {
        return Duration.ofNanos(System.nanoTime() - begin);
    }

    /** One request over an open connection, which is closed afterwards. */
    public ProbeResult.Answered ask(Target target, Transport transport) throws IOException {
        long begin = System.nanoTime();
        try (var connection = ProbeConnection.over(target, transport)) {
            var exchange = connection.exchange(request, envoyVersion, limits);
            var reuse = afterwards(exchange.response());
            return new ProbeResult.Answered(
                    target,
                    request,
                    List.of(exchange),
                    reuse == Reuse.REUSED ? Reuse.NOT_TRIED : reuse,
                    Optional.empty(),
                    since(begin),
                    Optional.empty());
        }
    }

    /** Whether the response permits reuse of its connection (RFC 9112 §9.3). */
    private static Reuse afterwards(FramingReport response) {
        boolean close = response.fields("Connection").stream()
                .anyMatch(field -> field.value().equalsIgnoreCase("close"));
        if (response.closedBy().bySender()) {
            if (!response.complete()) {
                return Reuse.CLOSED_EARLY;
            }
            // A body that nothing else ends is ended by that.
            boolean announced = close
                    || response.version().equals("HTTP/1.0")
                    || response.framing().kind() == BodyFraming.Kind.CLOSE_DELIMITED;
            return announced ? Reuse.ANNOUNCED_CLOSE : Reuse.SILENT_CLOSE;
        }
        if (response.closedBy() == CloseReason.LEFT) {
            return Reuse.NOT_TRIED;
        }
        boolean clean = response.complete()
                && response.violations().isEmpty()
                && response.framing().kind() != BodyFraming.Kind.TUNNEL;
        return clean && !close ? Reuse.REUSED : Reuse.NOT_TRIED;
    }
}
