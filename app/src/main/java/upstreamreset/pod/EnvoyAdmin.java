// SPDX-License-Identifier: Apache-2.0
package upstreamreset.pod;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import upstreamreset.http1.RawExchange;
import upstreamreset.http1.RequestContext;
import upstreamreset.kubernetes.ApiException;
import upstreamreset.kubernetes.KubeApi;
import upstreamreset.wire.Printable;

/** Asks the admin interface of the Envoy in a Pod, each question on a connection of its own, without a local port. */
public record EnvoyAdmin(KubeApi api, Pod pod) {
    /** Its port in Istio's proxies, on loopback. */
    private static final int PORT = 15000;

    private static final Duration SILENCE = Duration.ofSeconds(5);
    private static final int MAX_BODY = 4 << 20;

    /** Its answer. */
    public record Reply(int status, String text) {
        public boolean successful() {
            return status == 200;
        }
    }

    /**
     * Asks one question.
     *
     * @param method GET for what only looks, POST for what changes; {@code /logging} wants POST for both
     */
    public Reply ask(String method, String target) throws ApiException, IOException, InterruptedException {
        try (var forward = PortForward.open(api, pod, PORT)) {
            var request = method + " " + target
                    + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: 0\r\n\r\n";
            var exchange = RawExchange.send(
                    forward, request.getBytes(StandardCharsets.ISO_8859_1), RequestContext.of(method), MAX_BODY);
            var got = exchange.receive(RawExchange.Receiver.untilComplete(SILENCE), 0)
                    .response();
            if (got.status() == 0) {
                throw new IOException(
                        forward.refused()
                                ? "nothing listens on Envoy's admin port " + PORT + " in " + pod.text()
                                : "Envoy's admin interface in " + pod.text() + " did not answer"
                                        + (forward.failure().isEmpty()
                                                ? ""
                                                : ": " + Printable.words(forward.failure())));
            }
            return new Reply(got.status(), new String(got.body().toArray(), StandardCharsets.UTF_8));
        }
    }
}
