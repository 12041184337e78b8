// SPDX-License-Identifier: Apache-2.0
package upstreamreset.http1;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.function.BooleanSupplier;

/**
 * A connection as {@link RawExchange} uses it: one thread reads, another writes at the same time, and any thread may close it,
 * which ends both.
 */
public interface Transport extends Closeable {
    /** Writes all of it. */
    void write(byte[] bytes) throws IOException;

    /**
     * Reads like {@link java.io.InputStream#read(byte[])}: -1 when the peer has ended the connection in order; an exception when
     * it has reset it.
     *
     * @param millis at least 1
     * @return 0 when nothing has come for {@code millis}
     */
    int read(byte[] buffer, long millis) throws IOException;

    /** Whether we have closed it ourselves. */
    boolean closed();

    /** Connects over TCP, and writes small segments at once. */
    static Transport connect(InetSocketAddress address, Duration patience) throws IOException {
        var socket = new Socket();
        socket.setTcpNoDelay(true);
        socket.connect(address, Math.toIntExact(patience.toMillis())); // closes it if that fails
        return of(socket);
    }

    /** A connected socket, plain or TLS. */
    static Transport of(Socket socket) {
        return of(socket, socket::isClosed);
    }

    /** The same, where the socket itself does not tell whether it is we who closed it. */
    static Transport of(Socket socket, BooleanSupplier closedByUs) {
        return new OfSocket(socket, closedByUs);
    }

    /** A connected channel, Unix-domain or TCP: its reads know no time, and wait until something comes or it is closed. */
    static Transport of(SocketChannel channel) {
        return new OfChannel(channel);
    }

    /** Over a socket. */
    record OfSocket(Socket socket, BooleanSupplier closedByUs) implements Transport {
        @Override
        public void write(byte[] bytes) throws IOException {
            socket.getOutputStream().write(bytes);
        }

        @Override
        public int read(byte[] buffer, long millis) throws IOException {
            socket.setSoTimeout(Math.clamp(millis, 1, Integer.MAX_VALUE));
            try {
                return socket.getInputStream().read(buffer);
            } catch (SocketTimeoutException e) {
                return 0;
            }
        }

        @Override
        public boolean closed() {
            return closedByUs.getAsBoolean();
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    /** Over a channel. */
    record OfChannel(SocketChannel channel) implements Transport {
        @Override
        public void write(byte[] bytes) throws IOException {
            Channels.newOutputStream(channel).write(bytes);
        }

        @Override
        public int read(byte[] buffer, long millis) throws IOException {
            return Channels.newInputStream(channel).read(buffer);
        }

        @Override
        public boolean closed() {
            return !channel.isOpen();
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }
}
