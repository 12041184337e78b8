// SPDX-License-Identifier: Apache-2.0
package upstreamreset.election.kubernetes;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import upstreamreset.accesslog.EnvoyWords;
import upstreamreset.election.Candidacy.MeshLabel;
import upstreamreset.election.LeaderTask;
import upstreamreset.election.Leadership;

/**
 * Checks that the mesh still behaves as {@code reproduce} shows: the leader requests {@code /correct} and {@code
 * /wrong} through the mesh, counts the outcomes, and logs each change.
 */
final class MeshCheck implements LeaderTask {
    private static final Logger LOG = LoggerFactory.getLogger(MeshCheck.class);
    /** More of a body is not examined; Envoy's own reply and a short stream are far below. */
    private static final int MAX_BODY_BYTES = 64 * 1024;

    private static final String[] PATHS = {"/correct", "/wrong"};

    private final URI mesh;
    private final Duration period;
    private final Duration patience;
    private final Map<MeshLabel, Long> counts = new HashMap<>();
    private final Map<String, String> last = new HashMap<>();
    private final LineLimit lines = new LineLimit(LOG);

    /** @param patience how long a response may take to its end before it counts as hanging */
    MeshCheck(URI mesh, Duration period, Duration patience) {
        this.mesh = mesh;
        this.period = period;
        this.patience = patience;
    }

    /** How often each outcome came. */
    synchronized Map<MeshLabel, Long> counts() {
        return Map.copyOf(counts);
    }

    @Override
    public void lead(Leadership leadership) throws InterruptedException {
        var http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(patience)
                .build();
        try {
            while (leadership.holds()) {
                for (var path : PATHS) {
                    if (leadership.holds()) {
                        count(path, ask(http, path));
                    }
                }
                Thread.sleep(period);
            }
        } finally {
            // Closing would wait for its threads, and the next leader for us.
            http.shutdownNow();
        }
    }

    private String ask(HttpClient http, String path) throws InterruptedException {
        var request =
                HttpRequest.newBuilder(mesh.resolve(path)).timeout(patience).build();
        // The request's own time-out ends with the head (JDK 25): a body without an end needs ours.
        var exchange = http.sendAsync(
                request, HttpResponse.BodyHandlers.limiting(HttpResponse.BodyHandlers.ofString(), MAX_BODY_BYTES));
        try {
            var answer = exchange.get(patience.toNanos(), TimeUnit.NANOSECONDS);
            if (answer.statusCode() >= 500 && answer.body().startsWith(EnvoyWords.REPLY)) {
                return "resets-before";
            }
            return answer.statusCode() == 200 ? "passes" : "status-" + answer.statusCode();
        } catch (TimeoutException e) {
            return "hangs";
        } catch (ExecutionException e) {
            return outcome(e.getCause());
        } finally {
            exchange.cancel(true);
        }
    }

    private static String outcome(@Nullable Throwable failure) {
        return switch (failure) {
            case HttpTimeoutException _ -> "hangs";
            case ConnectException _ -> "unreachable";
            case IOException tooLong when String.valueOf(tooLong.getMessage()).contains("capacity") -> "too-long";
            case null, default -> "resets-after";
        };
    }

    private synchronized void count(String path, String outcome) {
        counts.merge(new MeshLabel(path, outcome), 1L, Long::sum);
        if (!outcome.equals(last.put(path, outcome))) {
            lines.log(() -> LOG.info("{} through the mesh: {}", path, outcome));
        }
    }
}
