// SPDX-License-Identifier: Apache-2.0
package upstreamreset.sidecar;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import upstreamreset.wire.Printable;

/** The address of an app: the first of a host's addresses that accepts a connection, as in every client. */
public record AppAddress(String host, int port) {
    private static final int CONNECT_MILLIS = 2_000;
    private static final int POLL_MILLIS = 25;

    /** Whether to wait on. */
    @FunctionalInterface
    public interface Patience {
        /**
         * Looks whether to wait on makes sense.
         *
         * @throws IOException when it is in vain; the message says why
         */
        void check() throws IOException;
    }

    /**
     * The address that accepts, waiting for it no longer than {@code time}; empty if none does.
     *
     * @throws IOException when the name does not resolve, or {@code patience} ends
     */
    public Optional<InetSocketAddress> await(Duration time, Patience patience)
            throws IOException, InterruptedException {
        long until = System.nanoTime() + time.toNanos();
        while (true) {
            var found = listening();
            if (found.isPresent() || System.nanoTime() > until) {
                return found;
            }
            patience.check();
            Thread.sleep(POLL_MILLIS);
        }
    }

    /** The address that accepts now. */
    public Optional<InetSocketAddress> listening() throws IOException {
        for (var each : addresses()) {
            var address = new InetSocketAddress(each, port);
            try (var socket = new Socket()) {
                socket.connect(address, CONNECT_MILLIS);
                return Optional.of(address);
            } catch (IOException e) {
                // the next one
            }
        }
        return Optional.empty();
    }

    /** By its name an app may listen on either of the two, whatever the hosts file says. */
    private List<InetAddress> addresses() throws IOException {
        if (host.equalsIgnoreCase("localhost")) {
            return List.of(InetAddress.ofLiteral("127.0.0.1"), InetAddress.ofLiteral("::1"));
        }
        try {
            return List.of(InetAddress.getAllByName(host));
        } catch (UnknownHostException e) {
            throw new IOException("the name " + Printable.of(host) + " does not resolve", e);
        }
    }
}
