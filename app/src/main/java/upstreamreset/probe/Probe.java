// SPDX-License-Identifier: Apache-2.0
package upstreamreset.probe;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import upstreamreset.http1.CloseReason;
import upstreamreset.http1.FramingReport;

/** Probes servers, several side by side, each with two requests on one connection where that is safe. */
public record Probe(ProbeRequest request, Limits limits, String envoyVersion) {
    /** Takes the results. */
    public interface Listener {
        void found(ProbeResult result) throws IOException, InterruptedException;
    }

    /** Hands on the results in the order of the targets, each as soon as it and those before it are known. */
    public void all(List<Target> targets, Listener listener) throws IOException, InterruptedException {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var probes = new ArrayList<Future<ProbeResult>>();
            for (var target : targets) {
                probes.add(threads.submit(() -> one(target)));
            }
            for (var probe : probes) {
                listener.found(probe.get());
            }
        } catch (ExecutionException e) {
            throw new IllegalStateException("a probe failed: " + e.getCause(), e.getCause());
        }
    }

    ProbeResult one(Target target) {
        try (var connection = ProbeConnection.open(target, limits)) {
            var first = connection.exchange(request, envoyVersion);
            var exchanges = new ArrayList<>(List.of(first));
            var reuse = afterwards(first.response());
            if (reuse == Reuse.REUSED && request.safe() && connection.sent()) {
                var second = connection.exchange(request, envoyVersion);
                if (second.total() == 0 && second.response().closedBy().bySender()) {
                    reuse = Reuse.SILENT_CLOSE;
                } else {
                    exchanges.add(second);
                }
            } else if (reuse == Reuse.REUSED) {
                reuse = Reuse.NOT_TRIED;
            }
            return new ProbeResult.Answered(target, request, exchanges, reuse, Optional.empty());
        } catch (IOException e) {
            return new ProbeResult.Unreachable(target, String.valueOf(e.getMessage()));
        }
    }

    /** What the response says about reusing its connection (RFC 9112 §9.3). */
    private static Reuse afterwards(FramingReport response) {
        boolean close = response.fields("Connection").stream()
                .anyMatch(field -> field.value().equalsIgnoreCase("close"));
        if (response.closedBy() != CloseReason.OPEN) {
            if (!response.complete()) {
                return Reuse.CLOSED_EARLY;
            }
            return close || response.version().equals("HTTP/1.0") ? Reuse.ANNOUNCED_CLOSE : Reuse.SILENT_CLOSE;
        }
        boolean clean = response.complete() && response.violations().isEmpty();
        return clean && !close ? Reuse.REUSED : Reuse.NOT_TRIED;
    }
}
