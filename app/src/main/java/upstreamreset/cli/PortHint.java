// SPDX-License-Identifier: Apache-2.0
package upstreamreset.cli;

import java.io.PrintWriter;
import upstreamreset.probe.PortSpeech;
import upstreamreset.probe.Target;
import upstreamreset.sidecar.PassedRequest;

/** Greets an app that closes without sending a byte, and reports once if it speaks TLS or HTTP/2. */
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
                        "the app speaks TLS on port %d: a sidecar for a port named http sends plain text; let the"
                                + " app listen in plain text, or name the Service's port https, so that Envoy"
                                + " passes the bytes on unread%n",
                        app.port());
            } else {
                err.printf(
                        "the app speaks HTTP/2 on port %d but not HTTP/1.1: use --http2, and name the Service's port"
                                + " http2 or grpc%n",
                        app.port());
            }
        });
    }
}
