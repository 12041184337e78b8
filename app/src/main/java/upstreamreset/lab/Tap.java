// SPDX-License-Identifier: Apache-2.0
package upstreamreset.lab;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
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
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import upstreamreset.tcp.Direction;
import upstreamreset.tcp.StreamEvent;
import upstreamreset.wire.Bytes;

/**
 * Stands between Envoy and the apps, with a port for each, and passes on every byte, FIN and RST unchanged and at once;
 * records each event before it passes it on, so that {@link #events()} has everything that either end has seen, up to a
 * bound. It uses two virtual threads per connection, and resets connections beyond a bound.
 */
public final class Tap implements AutoCloseable {
    /** With their buffers, a third of the heap of 1 GB. */
    public static final int MAX_CONNECTIONS = 16_000;

    /** The buffer of each direction: Envoy resets in the middle of a head of over 60 KiB, and all of it is to be seen. */
    private static final int BUFFER = 128 * 1024;

    /** So many connections have a {@link #BUFFER}. */
    private static final int MAX_LARGE = 400;

    /** The buffer of each direction of the others. */
    private static final int SMALL_BUFFER = 8 * 1024;

    private static final int POLL_MILLIS = 20;

    private final List<Port> ports = new ArrayList<>();
    private final AtomicInteger streams = new AtomicInteger();
    private final AtomicInteger connections = new AtomicInteger();
    private final AtomicLong refused = new AtomicLong();
    private final List<StreamEvent> events = new ArrayList<>();
    private final long maxBytes;
    private final int maxConnections;
    private long bytes;
    private volatile Consumer<StreamEvent> listener = _ -> {};
    private volatile Consumer<InetSocketAddress> unreached = _ -> {};
    private volatile Consumer<String> complaints = _ -> {};
    private final Set<String> told = ConcurrentHashMap.newKeySet();
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();

    /**
     * Keeps the first events, and passes on so many connections at once.
     *
     * @param maxBytes how many bytes of memory the kept events take
     */
    public Tap(long maxBytes, int maxConnections) {
        this.maxBytes = maxBytes;
        this.maxConnections = maxConnections;
    }

    /**
     * Also hands each event from now on to {@code each}, in order, before its bytes are passed on; and tells {@code problems}
     * once of each reason why we reset a connection and not the app.
     */
    public void listen(Consumer<StreamEvent> each, Consumer<String> problems) {
        listener = each;
        complaints = problems;
    }

    /** Also tells {@code each} the client's address on a connection whose app takes none, before that connection ends. */
    public void listenUnreached(Consumer<InetSocketAddress> each) {
        unreached = each;
    }

    /** Whether there was more than is kept. */
    public boolean overflown() {
        synchronized (events) {
            return bytes > maxBytes;
        }
    }

    /** How many connections we have reset ourselves. */
    public long refused() {
        return refused.get();
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
            bytes += event.memory();
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
        while (!port.listener().isClosed()) {
            try {
                var client = port.listener().accept();
                open.add(client);
                if (connections.incrementAndGet() > maxConnections) {
                    connections.decrementAndGet();
                    tellRefused("more than %,d connections to it are open at once".formatted(maxConnections));
                    reset(client);
                } else {
                    int number = streams.getAndIncrement();
                    Thread.ofVirtual().name("tap-" + number).start(() -> connect(number, client, port));
                }
            } catch (IOException e) {
                awaitRoom(port, e);
            }
        }
    }

    /** Whoever connects while there are too many open files waits in the queue of the port. */
    private void awaitRoom(Port port, IOException e) {
        if (port.listener().isClosed()) {
            return;
        }
        complain("Connections to the app wait: " + e.getMessage()
                + ". A larger ulimit -n lets more of them pass at once.");
        try {
            Thread.sleep(POLL_MILLIS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void complain(String sentence) {
        if (told.add(sentence)) {
            complaints.accept(sentence);
        }
    }

    /** Counts and tells that we reset a connection. */
    private void tellRefused(String reason) {
        refused.incrementAndGet();
        complain("A connection to the app was reset here and not by the app: " + reason
                + ". Envoy's 503 for it is not the app's doing, nor for further ones.");
    }

    private void connect(int stream, Socket client, Port port) {
        record(new StreamEvent.Opened(
                stream, Instant.now(), (InetSocketAddress) client.getRemoteSocketAddress(), (InetSocketAddress)
                        client.getLocalSocketAddress()));
        Socket server = new Socket();
        open.add(server);
        try {
            if (reached(stream, client, server, port)) {
                var back = Thread.ofVirtual()
                        .name("tap-" + stream + "-back")
                        .start(() -> pass(stream, Direction.TO_CLIENT, server, client));
                pass(stream, Direction.TO_SERVER, client, server);
                back.join();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            close(client);
            close(server);
            connections.decrementAndGet();
        }
    }

    private boolean reached(int stream, Socket client, Socket server, Port port) {
        try {
            server.connect(port.app().join());
            client.setTcpNoDelay(true);
            server.setTcpNoDelay(true);
            return true;
        } catch (IOException | RuntimeException e) {
            if (isOurLimit(e)) {
                tellRefused(String.valueOf(e.getMessage()));
            } else {
                unreached.accept((InetSocketAddress) client.getRemoteSocketAddress());
            }
            reset(stream, Direction.TO_CLIENT, client);
            return false;
        }
    }

    /** EMFILE, ENFILE, EADDRNOTAVAIL: no files or ports are left here. Whatever else fails, fails at the app. */
    private static boolean isOurLimit(Exception e) {
        var message = String.valueOf(e.getMessage());
        return message.contains("Too many open files") || message.contains("Cannot assign requested address");
    }

    private void pass(int stream, Direction direction, Socket from, Socket to) {
        var buffer = new byte[connections.get() > MAX_LARGE ? SMALL_BUFFER : BUFFER];
        while (true) {
            int count;
            try {
                count = read(from.getInputStream(), buffer);
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

    /** Reads all that is there, and waits only for the first byte. */
    private static int read(InputStream in, byte[] buffer) throws IOException {
        int count = in.read(buffer);
        while (count > 0 && count < buffer.length && in.available() > 0) {
            count += in.read(buffer, count, buffer.length - count);
        }
        return count;
    }

    /** The sender of {@code direction} tore its connection down: do the same to the receiver's. */
    private void reset(int stream, Direction direction, Socket receiver) {
        record(new StreamEvent.Reset(stream, Instant.now(), direction));
        reset(receiver);
    }

    private void reset(Socket receiver) {
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
