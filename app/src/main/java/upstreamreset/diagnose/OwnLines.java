// SPDX-License-Identifier: Apache-2.0
package upstreamreset.diagnose;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import upstreamreset.accesslog.BoundedLines;
import upstreamreset.accesslog.LogField;
import upstreamreset.accesslog.LogLine;
import upstreamreset.accesslog.LogReader;
import upstreamreset.explain.Hop;
import upstreamreset.kubernetes.ApiException;
import upstreamreset.kubernetes.KubeApi;
import upstreamreset.pod.Pod;
import upstreamreset.pod.PodLog;
import upstreamreset.pod.Sidecar;

/**
 * Waits for the log lines of our own requests, recognised by their request ids: a sidecar buffers them for up to a
 * second.
 */
final class OwnLines {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final long POLL_MILLIS = 150;
    private static final int MAX_LINES = 200_000;

    private final PodLog log;
    private final LogReader format;
    private final long begun = System.nanoTime();

    private OwnLines(PodLog log, LogReader format) {
        this.log = log;
        this.format = format;
    }

    /** From now on. */
    static OwnLines fromNow(KubeApi api, Pod pod, LogReader format) {
        return new OwnLines(new PodLog(api, pod, Sidecar.CONTAINER), format);
    }

    /** As long ago as it began, and a little more: the kubelet counts whole seconds back, by its own clock. */
    private Duration since() {
        return Duration.ofNanos(System.nanoTime() - begun).plusSeconds(2);
    }

    /** Polls until {@code enough}, but no longer than {@code atMost}. */
    List<String> await(Duration atMost, java.util.function.Predicate<List<String>> enough)
            throws ApiException, InterruptedException {
        long until = System.nanoTime() + atMost.toNanos();
        while (true) {
            var lines = lines();
            if (enough.test(lines) || System.nanoTime() > until) {
                return lines;
            }
            Thread.sleep(POLL_MILLIS);
        }
    }

    private List<String> lines() throws ApiException, InterruptedException {
        var lines = new ArrayList<String>();
        var cutter = new BoundedLines((bytes, from, to) -> {
            if (lines.size() < MAX_LINES) {
                lines.add(new String(bytes, from, to - from, StandardCharsets.UTF_8));
            }
        });
        log.read(since(), piece -> cutter.add(piece, piece.length), PATIENCE);
        cutter.end();
        return lines;
    }

    /** The line of the request with this id, as the app's own sidecar has it. */
    Optional<Hop> line(List<String> lines, String id) {
        return lines.stream()
                .filter(line -> line.contains(id))
                .map(format::read)
                .filter(LogLine.Access.class::isInstance)
                .map(line -> Hop.of((LogLine.Access) line))
                .filter(hop ->
                        hop.entry().text(LogField.REQUEST_ID).filter(id::equals).isPresent())
                .findFirst();
    }

    /** Whether there is any access-log line. */
    boolean hasAccessLines(List<String> lines) {
        return lines.stream().map(format::read).anyMatch(LogLine.Access.class::isInstance);
    }
}
