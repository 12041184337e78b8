// SPDX-License-Identifier: Apache-2.0
package upstreamreset.origin;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import upstreamreset.scenario.Source;
import upstreamreset.scenario.WireScript;

/**
 * An app on a free loopback port that plays a script on every connection, byte for byte, and counts how often it was
 * called. One virtual thread per connection.
 */
public final class RawOrigin implements AutoCloseable {
    private final Closeable port;
    private final InetSocketAddress address;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final AtomicInteger calls = new AtomicInteger();

    private RawOrigin(Closeable port, SocketAddress address) {
        this.port = port;
        this.address = (InetSocketAddress) address;
    }

    /** An origin that plays {@code script}. */
    public static RawOrigin play(WireScript script) throws IOException {
        var server = new ServerSocket(0, 128, InetAddress.getByAddress(new byte[] {127, 0, 0, 1}));
        var origin = new RawOrigin(server, server.getLocalSocketAddress());
        Thread.ofVirtual().name("origin").start(() -> origin.accept(server, script));
        return origin;
    }

    /** An origin for a source other than the app itself: a script, or a refused connection. */
    public static RawOrigin of(Source source) throws IOException {
        return switch (source) {
            case WireScript script -> play(script);
            case Source.Nobody _ -> refuse();
            case Source.App(var path) -> throw new IllegalArgumentException("the app itself serves " + path);
        };
    }

    /** Bound but not listening: the port is ours, and connections are refused. */
    private static RawOrigin refuse() throws IOException {
        var socket = new Socket();
        socket.bind(new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), 0));
        return new RawOrigin(socket, socket.getLocalSocketAddress());
    }

    /** The address where it listens, or refuses connections. */
    public InetSocketAddress address() {
        return address;
    }

    /** How many requests have come; connections, where the script reads none. */
    public int calls() {
        return calls.get();
    }

    private void accept(ServerSocket server, WireScript script) {
        while (true) {
            try {
                var socket = server.accept();
                open.add(socket);
                Thread.ofVirtual().name("origin-connection").start(() -> {
                    try {
                        new ScriptPlayer(socket, script, calls::incrementAndGet).play();
                    } finally {
                        open.remove(socket);
                    }
                });
            } catch (IOException e) {
                return; // closed
            }
        }
    }

    @Override
    public void close() {
        close(port);
        open.forEach(RawOrigin::close);
    }

    private static void close(Closeable socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // closing is all that we wanted
        }
    }
}
