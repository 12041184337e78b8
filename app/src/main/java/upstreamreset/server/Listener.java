// SPDX-License-Identifier: Apache-2.0
package upstreamreset.server;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.channels.ClosedChannelException;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xnio.ChannelListener;
import org.xnio.ChannelListeners;
import org.xnio.OptionMap;
import org.xnio.Options;
import org.xnio.StreamConnection;
import org.xnio.XnioWorker;
import org.xnio.channels.AcceptingChannel;

/** Binds the app's port; if that fails, the exception's message gives the address, the reason and the remedy. */
final class Listener {
    private static final Logger LOG = LoggerFactory.getLogger(Listener.class);

    /** New connections a millisecond and IO thread; of many that wait, a half, so that none waits long on a slow machine. */
    private static final int MIN_ARRIVALS = 16;

    private static final int PARTS_OF_ARRIVALS = 2;

    /** Of each IO thread: the first read and answer of hundreds that come at once would hold up its streams. */
    private static final ThreadLocal<PacedQueue> ARRIVALS = ThreadLocal.withInitial(
            () -> new PacedQueue(waiting -> Math.max(MIN_ARRIVALS, waiting / PARTS_OF_ARRIVALS)));

    private Listener() {}

    static AcceptingChannel<? extends StreamConnection> bind(
            XnioWorker worker, ServeOptions options, ChannelListener<StreamConnection> opened) throws IOException {
        try {
            var address = new InetSocketAddress(address(options.host()), options.port());
            return worker.createStreamConnectionServer(
                    address,
                    channel -> accept(channel, opened),
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

    /** XNIO's own listener logs with a trace where a client comes while the server is closing. */
    private static void accept(AcceptingChannel<StreamConnection> channel, ChannelListener<StreamConnection> opened) {
        try {
            for (var next = channel.accept(); next != null; next = channel.accept()) {
                var connection = next;
                ARRIVALS.get()
                        .run(
                                connection.getIoThread(),
                                () -> ChannelListeners.invokeChannelListener(connection, opened));
            }
        } catch (ClosedChannelException e) {
            LOG.debug("The server is closing", e);
        } catch (IOException e) {
            LOG.warn("A connection was not accepted: {}", e.toString());
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
