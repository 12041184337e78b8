// SPDX-License-Identifier: Apache-2.0
package upstreamreset.probe;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.time.Duration;
import upstreamreset.framing.ConnectionEnd;
import upstreamreset.framing.EnvoyCodec;
import upstreamreset.framing.ResponseReader;
import upstreamreset.wire.Bytes;

/** One connection to a server, over which one request after the other is asked. Not thread-safe. */
final class Connection implements AutoCloseable {
    private final Target target;
    private final Limits limits;
    private final Socket socket;

    private Connection(Target target, Limits limits, Socket socket) {
        this.target = target;
        this.limits = limits;
        this.socket = socket;
    }

    /** @throws ProbeException when nobody can be asked there */
    static Connection open(Target target, Limits limits) throws IOException {
        int timeout = Math.toIntExact(limits.timeout().toMillis());
        var socket = new Socket();
        try {
            socket.setTcpNoDelay(true);
            socket.connect(new InetSocketAddress(InetAddress.getByName(target.host()), target.port()), timeout);
            socket.setSoTimeout(timeout);
            return new Connection(
                    target, limits, target.tls() ? Tls.wrap(socket, target, limits.trustAnyone()) : socket);
        } catch (IOException e) {
            socket.close();
            throw new ProbeException(reason(target, limits, e), e);
        }
    }

    private static String reason(Target target, Limits limits, IOException e) {
        return switch (e) {
            case ProbeException known -> String.valueOf(known.getMessage());
            case UnknownHostException _ -> "the name " + target.host() + " does not resolve";
            case ConnectException _ -> "%s refuses connections to port %d".formatted(target.host(), target.port());
            case SocketTimeoutException _ ->
                "%s did not accept a connection to port %d within %d ms"
                        .formatted(
                                target.host(), target.port(), limits.timeout().toMillis());
            default -> "no connection to %s port %d: %s".formatted(target.host(), target.port(), e.getMessage());
        };
    }

    /** Asks, and reads until the response is complete, the connection ends, or the limits are reached. */
    Exchange exchange(Ask ask, String envoyVersion) throws ProbeException {
        long begin = System.nanoTime();
        var request = ask.bytes(target);
        var asked = ask.asked(request);
        var reader = new ResponseReader(asked, 0);
        var codec = new EnvoyCodec(envoyVersion, asked);
        var kept = new Kept();
        var end = send(request);
        if (end == ConnectionEnd.OPEN) {
            end = read(reader, codec, kept, begin + limits.timeout().toNanos());
        }
        boolean endless = end == ConnectionEnd.LEFT;
        var response = reader.finish(end);
        var took = Duration.ofNanos(System.nanoTime() - begin);
        // To Envoy, which waits longer than we do, what has no end hangs.
        var verdict = codec.verdict(endless ? ConnectionEnd.OPEN : end);
        return new Exchange(response, kept.bytes(), kept.total(), verdict, took, endless);
    }

    private ConnectionEnd send(byte[] request) throws ProbeException {
        try {
            socket.getOutputStream().write(request);
            socket.getOutputStream().flush();
            return ConnectionEnd.OPEN;
        } catch (SocketException e) {
            // It closed while we asked: there may still be an answer to read, or not.
            return ConnectionEnd.RST;
        } catch (IOException e) {
            throw new ProbeException("the request could not be sent to " + target.text() + ": " + e.getMessage(), e);
        }
    }

    private ConnectionEnd read(ResponseReader reader, EnvoyCodec codec, Kept kept, long deadline)
            throws ProbeException {
        var buffer = new byte[32 * 1024];
        try {
            var in = socket.getInputStream();
            while (true) {
                int wait = (int) ((deadline - System.nanoTime()) / 1_000_000);
                if (wait <= 0 || kept.total() > limits.bytes()) {
                    return kept.total() == 0 ? ConnectionEnd.OPEN : ConnectionEnd.LEFT;
                }
                int read = read(in, buffer, reader.done() ? Math.min(wait, Limits.LINGER_MILLIS) : wait);
                if (read < 0) {
                    return ConnectionEnd.FIN;
                }
                if (read == 0) {
                    return ConnectionEnd.OPEN;
                }
                kept.add(buffer, read);
                codec.dispatch(buffer, 0, read);
                int used = reader.feed(buffer, 0, read);
                reader.surplus(buffer, used, read - used);
            }
        } catch (SocketException e) {
            return ConnectionEnd.RST;
        } catch (IOException e) {
            throw new ProbeException("the answer of " + target.text() + " could not be read: " + e.getMessage(), e);
        }
    }

    /** As {@link InputStream#read}, but 0 when nothing comes for so long. */
    private int read(InputStream in, byte[] buffer, int waitMillis) throws IOException {
        socket.setSoTimeout(waitMillis);
        try {
            return in.read(buffer);
        } catch (SocketTimeoutException e) {
            return 0;
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    /** The beginning of what came. */
    private static final class Kept {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private long total;

        void add(byte[] source, int length) {
            bytes.write(source, 0, Math.min(length, Limits.KEPT - bytes.size()));
            total += length;
        }

        long total() {
            return total;
        }

        Bytes bytes() {
            return Bytes.of(bytes.toByteArray());
        }
    }
}
