// SPDX-License-Identifier: Apache-2.0
package upstreamreset.pod;

import java.time.Duration;
import java.util.function.Consumer;
import upstreamreset.kubernetes.ApiException;
import upstreamreset.kubernetes.KubeApi;
import upstreamreset.kubernetes.KubeRequest;

/** Reads the log of a container in a Pod. */
public record PodLog(KubeApi api, Pod pod, String container) {
    /**
     * The bytes since {@code since}, as they come, on the HTTP client's thread.
     *
     * @return false where it did not end within {@code atMost}
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

    private boolean read(String since, Consumer<byte[]> sink, Duration atMost)
            throws ApiException, InterruptedException {
        return api.read(
                KubeRequest.get("pods/log " + pod.name(), pod.path() + "/log?container=" + container + since),
                sink,
                atMost);
    }
}
