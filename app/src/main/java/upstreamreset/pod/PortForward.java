// SPDX-License-Identifier: Apache-2.0
package upstreamreset.pod;

import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketException;
import java.util.Arrays;
import upstreamreset.http1.Transport;
import upstreamreset.kubernetes.ApiException;
import upstreamreset.kubernetes.KubeApi;
import upstreamreset.kubernetes.KubeRequest;
import upstreamreset.kubernetes.KubeSocket;

/**
 * A connection to a port of a Pod, through the API server and the kubelet, without a local port, so nobody else on this
 * machine can use it. The kubelet's runtime dials the port from inside the Pod, so Istio's redirection does not take
 * it.
 *
 * <p>No direction can be closed alone. A reset in the Pod is reported as text on the second channel.
 */
public final class PortForward implements Transport {
    private static final int DATA = 0;
    private static final int ERRORS = 1;
    private static final int MAX_WRITE = 16 << 10;

    private final KubeSocket socket;

    /** Each channel begins with the port's number. */
    private final boolean[] begun = new boolean[2];

    private byte[] waiting = {};
    private String failure = "";

    private PortForward(KubeSocket socket) {
        this.socket = socket;
    }

    /** Whether the port takes the connection is known only when something is read. */
    public static PortForward open(KubeApi api, Pod pod, int port) throws ApiException, InterruptedException {
        var request = new KubeRequest(
                "create", "pods/portforward " + pod.name(), "GET", pod.path() + "/portforward?ports=" + port, "", "");
        return new PortForward(api.open(request, KubeSocket.V4));
    }

    @Override
    public void write(byte[] bytes) throws IOException {
        for (int at = 0; at < bytes.length; at += MAX_WRITE) {
            socket.send(DATA, Arrays.copyOfRange(bytes, at, Math.min(bytes.length, at + MAX_WRITE)));
        }
    }

    @Override
    public int read(byte[] buffer, long millis) throws IOException {
        long until = System.nanoTime() + millis * 1_000_000;
        while (waiting.length == 0) {
            long left = (until - System.nanoTime()) / 1_000_000;
            if (left <= 0) {
                return 0;
            }
            var next = socket.next(left);
            if (next.isEmpty()) {
                return 0;
            }
            var frame = next.get();
            if (frame.isEnd()) {
                frame.failure().filter(_ -> failure.isEmpty()).ifPresent(why -> failure = why);
                return ended();
            }
            if (frame.channel() <= ERRORS && !begun[frame.channel()]) {
                begun[frame.channel()] = true;
            } else if (frame.channel() == DATA) {
                waiting = frame.bytes();
            } else if (frame.channel() == ERRORS) {
                failure = frame.text();
                // What the port sent before that has been read by now.
                return ended();
            }
        }
        int count = Math.min(buffer.length, waiting.length);
        System.arraycopy(waiting, 0, buffer, 0, count);
        waiting = Arrays.copyOfRange(waiting, count, waiting.length);
        return count;
    }

    private int ended() throws IOException {
        if (failure.isEmpty()) {
            return -1;
        }
        if (refused()) {
            throw new ConnectException(failure);
        }
        throw new SocketException(failure);
    }

    /** Whether nothing listens on the port inside the Pod. */
    public boolean refused() {
        return failure.contains("connection refused");
    }

    /** The kubelet's reason for the connection's end, without the surrounding text; empty if it ended normally. */
    public String failure() {
        int inside = failure.indexOf("IPv4: ");
        return inside < 0 ? failure : failure.substring(inside + "IPv4: ".length());
    }

    @Override
    public boolean closed() {
        return socket.closed();
    }

    @Override
    public void close() {
        socket.close();
    }
}
