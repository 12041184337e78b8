// SPDX-License-Identifier: Apache-2.0
package upstreamreset.cli;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import upstreamreset.probe.Limits;
import upstreamreset.probe.Probe;
import upstreamreset.probe.ProbeRequest;
import upstreamreset.probe.ProbeResult;
import upstreamreset.probe.Target;
import upstreamreset.sidecar.PassedRequest;
import upstreamreset.wire.Bytes;

/** Tests an app that closes without sending a byte for TLS, and reports once if it speaks it. */
final class TlsHint {
    private static final Duration PATIENCE = Duration.ofSeconds(2);
    private static final int MAX_BYTES = 1 << 16;

    private final Target app;
    private final PrintWriter err;
    private boolean asked;

    TlsHint(Target app, PrintWriter err) {
        this.app = app;
        this.err = err;
    }

    synchronized void after(PassedRequest request, String envoyVersion) {
        if (asked || !request.closedWithoutAByte()) {
            return;
        }
        asked = true;
        var probe = new Probe(
                new ProbeRequest("OPTIONS", List.of(), Bytes.EMPTY),
                new Limits(PATIENCE, MAX_BYTES, true),
                envoyVersion);
        if (probe.one(new Target(true, app.host(), app.port(), "/", app.text())) instanceof ProbeResult.Answered) {
            err.printf(
                    "the app speaks TLS on port %d: a sidecar that is told http sends plain text there; let it listen in"
                            + " plain text, or name the Service's port https, and Envoy passes the bytes on as they are%n",
                    app.port());
        }
    }
}
