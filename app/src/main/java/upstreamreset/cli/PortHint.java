// SPDX-License-Identifier: Apache-2.0
package upstreamreset.cli;

import java.io.PrintWriter;
import upstreamreset.probe.PortSpeech;
import upstreamreset.probe.Target;
import upstreamreset.sidecar.PassedRequest;

/** Says once of an app that closes without a byte that it speaks TLS or HTTP/2, if it does: it is greeted, and so it is known. */
final class PortHint {
    private final Target app;
    private final PrintWriter err;
    private boolean asked;

    PortHint(Target app, PrintWriter err) {
        this.app = app;
        this.err = err;
    }

    synchronized void after(PassedRequest request) {
        if (asked || !request.closedWithoutAByte()) {
            return;
        }
        asked = true;
        PortSpeech.behindSilence(app).ifPresent(speech -> {
            if (speech == PortSpeech.TLS) {
                err.printf(
                        "the app speaks TLS on port %d: a sidecar that is told http sends plain text there; let it listen in"
                                + " plain text, or name the Service's port https, and Envoy passes the bytes on as they are%n",
                        app.port());
            } else {
                err.printf(
                        "the app speaks HTTP/2 on port %d, and no HTTP/1.1: ask it with --http2, and name the Service's port"
                                + " http2 or grpc%n",
                        app.port());
            }
        });
    }
}
