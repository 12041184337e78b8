// SPDX-License-Identifier: Apache-2.0
package upstreamreset.origin;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import upstreamreset.scenario.Source;
import upstreamreset.scenario.WireScript;

/**
 * An app on a free loopback port that plays a script on every connection, byte for byte, and counts how often it was called.
 * One virtual thread a connection.
 */
public final class RawOrigin implements AutoCloseable {
    private final Listener listener;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final AtomicInteger calls = new AtomicInteger();

    /** How the bytes of one send go to the kernel. */
    public enum Writes {
        WHOLE,
        /** One write, and so one segment at the least, for each byte. */
        ONE_BYTE
    }

    /** The port, and whether anyone listens there. */
    private sealed interface Listener {
        record Listening(ServerSocket socket) implements Listener {}

        /** Bound but not listening: the port is ours, and connections are refused. */
        record Refusing(Socket socket) implements Listener {}
    }

    private RawOrigin(Listener listener) {
        this.listener = listener;
    }

    /** An origin that plays {@code script}. */
    public static RawOrigin play(WireScript script, Writes writes) throws IOException {
        var server = new ServerSocket(0, 128, InetAddress.getByAddress(new byte[] {127, 0, 0, 1}));
        var origin = new RawOrigin(new Listener.Listening(server));
        Thread.ofVirtual().name("origin").start(() -> origin.accept(server, script, writes));
        return origin;
    }

    /** An origin for a source that is not the app's own: a script, or nobody. */
    public static RawOrigin of(Source source) throws IOException {
        return switch (source) {
            case WireScript script -> play(script, Writes.WHOLE);
            case Source.Nobody _ -> refuse();
            case Source.App(var path) -> throw new IllegalArgumentException("the app itself serves " + path);
        };
    }

    private static RawOrigin refuse() throws IOException {
        var socket = new Socket();
        socket.bind(new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), 0));
        return new RawOrigin(new Listener.Refusing(socket));
    }

    /** Where it listens, or refuses. */
    public InetSocketAddress address() {
        return switch (listener) {
            case Listener.Listening(var socket) -> (InetSocketAddress) socket.getLocalSocketAddress();
            case Listener.Refusing(var socket) -> (InetSocketAddress) socket.getLocalSocketAddress();
        };
    }

    /** How many requests have come; connections, where the script reads none. */
    public int calls() {
        return calls.get();
    }

    private void accept(ServerSocket server, WireScript script, Writes writes) {
        while (true) {
            try {
                var socket = server.accept();
                open.add(socket);
                Thread.ofVirtual().name("origin-connection").start(() -> {
                    try {
                        new ScriptPlayer(socket, script, writes, calls::incrementAndGet).play();
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
        switch (listener) {
            case Listener.Listening(var socket) -> close(socket);
            case Listener.Refusing(var socket) -> close(socket);
        }
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
