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
        return api.read(
                KubeRequest.get("pods/log " + pod.name(), pod.path() + "/log?container=" + container + seconds(since)),
                sink,
                atMost);
    }

    /**
     * When the first line was written that can be read at all: of a log that was rotated the kubelet gives the current file alone.
     * Empty where it has no line, or does not tell.
     */
    public Optional<Instant> begin() throws ApiException, InterruptedException {
        return begin("");
    }

    /** The same of the lines of the last {@code since}. */
    public Optional<Instant> begin(Duration since) throws ApiException, InterruptedException {
        return begin(seconds(since));
    }

    /** The kubelet counts back by its own clock, which is the one of the lines. */
    private static String seconds(Duration since) {
        return "&sinceSeconds=" + Math.max(1, since.toSeconds());
    }

    private Optional<Instant> begin(String since) throws ApiException, InterruptedException {
        var answer = api.answer(
                KubeRequest.get(
                        "pods/log " + pod.name(),
                        pod.path() + "/log?container=" + container + "&timestamps=true&limitBytes=" + MAX_TIME + since),
                Map.of());
        var text = answer.text();
        int end = text.indexOf(' ');
        if (!answer.successful() || end < 0) {
            return Optional.empty();
        }
        try {
            return Optional.of(Instant.from(DateTimeFormatter.ISO_DATE_TIME.parse(text.substring(0, end))));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }
}
