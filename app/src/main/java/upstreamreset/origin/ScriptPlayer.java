// SPDX-License-Identifier: Apache-2.0
package upstreamreset.origin;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import upstreamreset.scenario.WireScript;
import upstreamreset.scenario.WireStep;

/** Plays a script on one connection repeatedly until a step or the peer ends it. Runs on the connection's thread. */
record ScriptPlayer(Socket socket, WireScript script, Runnable called) {
    /** A peer that neither sends nor leaves must not hold the connection forever. */
    private static final int PATIENCE_MILLIS = 300_000;

    void play() {
        try (socket) {
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(PATIENCE_MILLIS);
            var in = new BufferedInputStream(socket.getInputStream());
            var requests = RequestSource.of(script.protocol(), in);
            if (!script.waitsForRequest()) {
                called.run();
            }
            while (round(requests, in)) {
                // the same script for the next request
            }
        } catch (IOException e) {
            // the peer is gone: so is the reason to go on
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Plays all steps; returns whether the connection stays open. */
    private boolean round(RequestSource requests, InputStream in) throws IOException, InterruptedException {
        for (var step : script.steps()) {
            switch (step) {
                case WireStep.ReadRequest _, WireStep.ReadHead _ -> {
                    if (!requests.head()) {
                        return false;
                    }
                    called.run();
                    if (step instanceof WireStep.ReadRequest) {
                        requests.body();
                    }
                }
                case WireStep.Send(var bytes) -> socket.getOutputStream().write(bytes.toArray());
                case WireStep.Pause(var time) -> Thread.sleep(time);
                case WireStep.Close _ -> {
                    // Closing with unread input would send RST: end our side, and read until the peer ends its own.
                    socket.shutdownOutput();
                    in.transferTo(OutputStream.nullOutputStream());
                    return false;
                }
                case WireStep.Reset _ -> {
                    socket.setSoLinger(true, 0);
                    return false;
                }
                case WireStep.Stall _ -> {
                    in.transferTo(OutputStream.nullOutputStream());
                    return false;
                }
            }
        }
        return true;
    }
}
