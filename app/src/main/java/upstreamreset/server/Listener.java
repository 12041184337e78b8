// SPDX-License-Identifier: Apache-2.0
package upstreamreset.server;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Locale;
import org.xnio.ChannelListener;
import org.xnio.OptionMap;
import org.xnio.Options;
import org.xnio.StreamConnection;
import org.xnio.XnioWorker;
import org.xnio.channels.AcceptingChannel;

/** Binds the app's port; if that fails, the exception's message gives the address, the reason and the remedy. */
final class Listener {
    private Listener() {}

    static AcceptingChannel<? extends StreamConnection> bind(
            XnioWorker worker, ServeOptions options, ChannelListener<AcceptingChannel<StreamConnection>> accept)
            throws IOException {
        try {
            var address = new InetSocketAddress(address(options.host()), options.port());
            return worker.createStreamConnectionServer(
                    address,
                    accept,
                    OptionMap.builder()
                            .set(Options.TCP_NODELAY, true)
                            .set(Options.REUSE_ADDRESSES, true)
                            // The kernel finds a client whose machine vanished without a FIN.
                            .set(Options.KEEP_ALIVE, true)
                            // What the kernel buffers for a slow client; of the rest a stream keeps only a count.
                            .set(Options.SEND_BUFFER, 16 * 1024)
                            .set(Options.BACKLOG, 4096)
                            .getMap());
        } catch (BindException e) {
            throw new IOException(
                    "cannot listen on " + options.host() + ":" + options.port() + ": " + reason(e, options.port()), e);
        }
    }

    private static String reason(BindException e, int port) {
        var message = String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT);
        if (message.contains("in use")) {
            var holder = PortHolder.of(port).map(process -> " by " + process).orElse("");
            return "the port is taken" + holder + ". Stop that, or choose another port (0 takes any free one).";
        }
        return message.contains("denied")
                ? "ports below 1024 need privileges. Choose a higher one."
                : "that is not an address of this machine (" + e.getMessage() + "). 0.0.0.0 listens on all of them.";
    }

    private static InetAddress address(String host) throws IOException {
        try {
            return InetAddress.getAllByName(host)[0];
        } catch (UnknownHostException e) {
            throw new IOException(
                    "cannot listen on '" + host + "': no such address or name. 127.0.0.1 is this machine alone, "
                            + "0.0.0.0 all its addresses.",
                    e);
        }
    }
}
