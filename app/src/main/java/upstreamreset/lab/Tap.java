// SPDX-License-Identifier: Apache-2.0
package upstreamreset.lab;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import upstreamreset.tcp.Direction;
import upstreamreset.tcp.StreamEvent;
import upstreamreset.wire.Bytes;

/**
 * Stands between Envoy and the apps, with a port for each, and passes on every byte, FIN and RST unchanged and at once;
 * records each event before it passes it on, so that {@link #events()} has everything that either end has seen. It uses
 * two virtual threads per connection.
 */
public final class Tap implements AutoCloseable {
    private static final int BUFFER = 64 * 1024;

    private final List<Port> ports = new ArrayList<>();
    private final AtomicInteger streams = new AtomicInteger();
    private final List<StreamEvent> events = new ArrayList<>();
    private final long maxBytes;
    private long bytes;
    private volatile Consumer<StreamEvent> listener = _ -> {};
    private volatile Consumer<InetSocketAddress> unreached = _ -> {};
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();

    /** One that keeps all events. */
    public Tap() {
        this(Long.MAX_VALUE);
    }

    /** One that keeps the first events: those before so many bytes have passed. */
    public Tap(long maxBytes) {
        this.maxBytes = maxBytes;
    }

    /** Also hands each event from now on to {@code listener}, in order, before its bytes are passed on. */
    public void listen(Consumer<StreamEvent> each) {
        listener = each;
    }

    /** Also tells {@code each} the client's address on a connection whose app takes none, before that connection ends. */
    public void listenUnreached(Consumer<InetSocketAddress> each) {
        unreached = each;
    }

    /** Whether there were more bytes than are kept. */
    public boolean overflown() {
        synchronized (events) {
            return bytes > maxBytes;
        }
    }

    /** A free loopback port; connections to it wait until {@link #passOnTo} names the app behind it. */
    public record Port(ServerSocket listener, CompletableFuture<InetSocketAddress> app) {
        public InetSocketAddress address() {
            return (InetSocketAddress) listener.getLocalSocketAddress();
        }

        public void passOnTo(InetSocketAddress address) {
            app.complete(address);
        }
    }

    /** One more port. Not from several threads. */
    public Port port() throws IOException {
        var port = new Port(new ServerSocket(0, 128, InetAddress.getLoopbackAddress()), new CompletableFuture<>());
        ports.add(port);
        Thread.ofVirtual().name("tap").start(() -> accept(port));
        return port;
    }

    /** All that has passed so far, in order; streams are numbered from 0. */
    public List<StreamEvent> events() {
        synchronized (events) {
            return List.copyOf(events);
        }
    }

    private void record(StreamEvent event) {
        synchronized (events) {
            bytes += event instanceof StreamEvent.Data data ? data.bytes().length() : 0;
            if (bytes <= maxBytes) {
                events.add(event);
            }
            events.notifyAll();
            listener.accept(event);
        }
    }

    /**
     * What {@code view} makes of the events, once that is {@code enough}; or what it makes of them after {@code timeout}.
     */
    <T> T await(Function<List<StreamEvent>, T> view, Predicate<T> enough, Duration timeout)
            throws InterruptedException {
        long until = System.nanoTime() + timeout.toNanos();
        synchronized (events) {
            while (true) {
                var seen = view.apply(List.copyOf(events));
                long left = (until - System.nanoTime()) / 1_000_000;
                if (left <= 0 || enough.test(seen)) {
                    return seen;
                }
                events.wait(left);
            }
        }
    }

    private void accept(Port port) {
        while (true) {
            try {
                var client = port.listener().accept();
                int number = streams.getAndIncrement();
                open.add(client);
                Thread.ofVirtual().name("tap-" + number).start(() -> connect(number, client, port));
            } catch (IOException e) {
                return; // closed
            }
        }
    }

    private void connect(int stream, Socket client, Port port) {
        record(new StreamEvent.Opened(
                stream, Instant.now(), (InetSocketAddress) client.getRemoteSocketAddress(), (InetSocketAddress)
                        client.getLocalSocketAddress()));
        Socket server = new Socket();
        open.add(server);
        try {
            server.connect(port.app().join());
            client.setTcpNoDelay(true);
            server.setTcpNoDelay(true);
        } catch (IOException | RuntimeException e) {
            unreached.accept((InetSocketAddress) client.getRemoteSocketAddress());
            reset(stream, Direction.TO_CLIENT, client);
            close(server);
            return;
        }
        var back = Thread.ofVirtual()
                .name("tap-" + stream + "-back")
                .start(() -> pass(stream, Direction.TO_CLIENT, server, client));
        pass(stream, Direction.TO_SERVER, client, server);
        try {
            back.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        close(client);
        close(server);
    }

    private void pass(int stream, Direction direction, Socket from, Socket to) {
        var buffer = new byte[BUFFER];
        while (true) {
            int count;
            try {
                count = from.getInputStream().read(buffer);
            } catch (IOException e) {
                if (from.isClosed()) {
                    return; // by the other direction, which recorded why
                }
                reset(stream, direction, to);
                return;
            }
            if (count < 0) {
                record(new StreamEvent.Fin(stream, Instant.now(), direction));
                shutdownOutput(to);
                return;
            }
            record(new StreamEvent.Data(stream, Instant.now(), direction, Bytes.of(buffer, 0, count)));
            try {
                to.getOutputStream().write(buffer, 0, count);
            } catch (IOException e) {
                return; // the receiver is gone: the other direction reads how, and passes that on
            }
        }
    }

    /** The sender of {@code direction} tore its connection down: do the same to the receiver's. */
    private void reset(int stream, Direction direction, Socket receiver) {
        record(new StreamEvent.Reset(stream, Instant.now(), direction));
        open.remove(receiver);
        try (receiver) {
            receiver.setSoLinger(true, 0);
        } catch (IOException e) {
            // it is closed already
        }
    }

    private static void shutdownOutput(Socket socket) {
        try {
            socket.shutdownOutput();
        } catch (IOException e) {
            // the receiver is gone already: nobody to tell
        }
    }

    private void close(Closeable socket) {
        open.remove(socket);
        try {
            socket.close();
        } catch (IOException e) {
            // closing is all that we wanted
        }
    }

    @Override
    public void close() {
        for (var port : ports) {
            close(port.listener());
            port.app().cancel(false);
        }
        open.forEach(this::close);
    }
}
