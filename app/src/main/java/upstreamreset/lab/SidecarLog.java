// SPDX-License-Identifier: Apache-2.0
package upstreamreset.lab;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;
import upstreamreset.accesslog.AccessLogEntry;
import upstreamreset.accesslog.Side;
import upstreamreset.envoy.EnvoyOutput;

/** One sidecar's access-log line about a request, raw and parsed. */
public record SidecarLog(Side side, String line, AccessLogEntry entry) {
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    /**
     * Waits for the lines that Envoy writes after {@code mark}, and answers the last of each sidecar, the client's first.
     *
     * @param requests how many there were on the way
     * @param clientSidecar whether a client's sidecar logs too
     * @throws IOException when Envoy has ended, does not log, or not in Istio's format
     */
    static List<SidecarLog> await(EnvoyOutput output, int mark, int requests, boolean clientSidecar)
            throws IOException, InterruptedException {
        if (!clientSidecar) {
            return List.of(last(output.awaitAccessLog(mark, requests, TIMEOUT), _ -> true));
        }
        // Either may log first: where one of them gives up, the other sees it a little later.
        output.awaitAccessLog(mark, SidecarLog::isClients, TIMEOUT);
        output.awaitAccessLog(mark, line -> !isClients(line), TIMEOUT);
        var lines = output.accessLog(mark);
        return List.of(last(lines, SidecarLog::isClients), last(lines, line -> !isClients(line)));
    }

    private static boolean isClients(String line) {
        return line.contains(" outbound|8080||");
    }

    private static SidecarLog last(List<String> lines, Predicate<String> wanted) throws IOException {
        var line = lines.stream().filter(wanted).reduce((_, last) -> last).orElseThrow();
        var entry = EnvoyOutput.entry(line);
        return new SidecarLog(Side.of(entry), line, entry);
    }
}
