// SPDX-License-Identifier: Apache-2.0
package upstreamreset.pod;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import upstreamreset.kubernetes.ApiException;
import upstreamreset.kubernetes.KubeApi;
import upstreamreset.kubernetes.KubeRequest;

/** Reads the log of a container in a Pod. */
public record PodLog(KubeApi api, Pod pod, String container) {
    /** Of a time before a line, and of the space behind it. */
    private static final int MAX_TIME = 64;

    /**
     * The bytes since {@code since}, as they come, on the HTTP client's thread.
     *
     * @return false if it did not end within {@code atMost}
     */
    public boolean read(Duration since, Consumer<byte[]> sink, Duration atMost)
            throws ApiException, InterruptedException {
        return read("&sinceSeconds=" + Math.max(1, since.toSeconds()), sink, atMost);
    }

    /** The same since a moment of the cluster's clock, which knows seconds ({@code 2026-11-29T12:00:00Z}). */
    public boolean readSince(String time, Consumer<byte[]> sink, Duration atMost)
            throws ApiException, InterruptedException {
        return read("&sinceTime=" + PodFinder.encoded(time), sink, atMost);
    }

    /**
     * The begin of what can be read at all.
     *
     * @param first when the first line was written: of a log that was rotated the kubelet gives the current file alone
     * @param now by the API server's clock
     */
    public record Begin(Instant first, Instant now) {}

    /** The begin of the log; empty where it has no line, or does not tell when it was written. */
    public Optional<Begin> begin() throws ApiException, InterruptedException {
        var answer = api.answer(
                KubeRequest.get(
                        "pods/log " + pod.name(),
                        pod.path() + "/log?container=" + container + "&timestamps=true&limitBytes=" + MAX_TIME),
                Map.of());
        var text = answer.text();
        int end = text.indexOf(' ');
        if (!answer.successful() || end < 0) {
            return Optional.empty();
        }
        try {
            var first = Instant.from(DateTimeFormatter.ISO_DATE_TIME.parse(text.substring(0, end)));
            return Optional.of(new Begin(first, answer.time()));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    private boolean read(String since, Consumer<byte[]> sink, Duration atMost)
            throws ApiException, InterruptedException {
        return api.read(
                KubeRequest.get("pods/log " + pod.name(), pod.path() + "/log?container=" + container + since),
                sink,
                atMost);
    }
}
