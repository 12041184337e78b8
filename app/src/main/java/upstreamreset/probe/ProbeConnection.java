// SPDX-License-Identifier: Apache-2.0
package upstreamreset.probe;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
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
import java.util.Optional;
import javax.net.ssl.SSLException;
import upstreamreset.codec.EnvoyCodec;
import upstreamreset.http1.CloseReason;
import upstreamreset.http1.ResponseReader;
import upstreamreset.wire.Bytes;

/** One connection to a server, over which one request after the other is asked. Not thread-safe. */
final class ProbeConnection implements AutoCloseable {
    /** What a whole read may take longer than its time: {@link Deadline} is for peers that keep a read from ending. */
    private static final Duration GRACE = Duration.ofMillis(500);

    private final Target target;
    private final Limits limits;
    private final Socket plain;
    private final Optional<Tls> tls;
    private final Socket socket;
    private Thread writer = new Thread(() -> {});

    private ProbeConnection(Target target, Limits limits, Socket plain, Optional<Tls> tls) {
        this.target = target;
        this.limits = limits;
        this.plain = plain;
        this.tls = tls;
        this.socket = tls.<Socket>map(Tls::socket).orElse(plain);
    }

    /** @throws ProbeException when nobody can be asked there */
    static ProbeConnection open(Target target, Limits limits) throws ProbeException {
        try {
            var plain = connect(InetAddress.getAllByName(target.host()), target.port(), limits.timeout());
            try {
                plain.setTcpNoDelay(true);
                plain.setSoTimeout(millis(limits.timeout()));
                var tls = target.tls() ? Optional.of(Tls.handshake(plain, target, limits)) : Optional.<Tls>empty();
                return new ProbeConnection(target, limits, plain, tls);
            } catch (IOException e) {
                plain.close();
                throw e;
            }
        } catch (ProbeException e) {
            throw e;
        } catch (IOException e) {
            throw new ProbeException(reason(target, limits, e), e);
        }
    }

    /** To the first of a host's addresses that takes us, as every client does; the first one's failure counts. */
    static Socket connect(InetAddress[] addresses, int port, Duration time) throws IOException {
        IOException first = null;
        for (var address : addresses) {
            var socket = new Socket();
            try {
                socket.connect(new InetSocketAddress(address, port), millis(time.dividedBy(addresses.length)));
                return socket;
            } catch (IOException e) {
                socket.close();
                first = first == null ? e : first;
            }
        }
        throw first == null ? new UnknownHostException() : first;
    }

    /** At least 1: to a socket, 0 is for ever. */
    private static int millis(Duration time) {
        return Math.clamp(time.toMillis(), 1, Integer.MAX_VALUE);
    }

    private static String reason(Target target, Limits limits, IOException e) {
        return switch (e) {
            case UnknownHostException _ ->
                "the name " + target.host() + " does not resolve; is it right, and known where probe runs?";
            case ConnectException refused
            when String.valueOf(refused.getMessage()).contains("refused") ->
                "%s refuses connections to port %d; does anything listen there?"
                        .formatted(target.host(), target.port());
            case SocketTimeoutException _ ->
                "%s did not accept a connection to port %d within %d ms; is a firewall between?"
                        .formatted(target.host(), target.port(), millis(limits.timeout()));
            default -> "no connection to %s port %d: %s".formatted(target.host(), target.port(), e.getMessage());
        };
    }

    /** Asks, and reads until the response is complete, the connection ends, or the limits are reached. */
    Exchange exchange(ProbeRequest ask, String envoyVersion) throws ProbeException {
        long begin = System.nanoTime();
        var request = ask.bytes(target);
        var asked = ask.asked(request);
        var reader = new ResponseReader(asked, 0);
        var codec = new EnvoyCodec(envoyVersion, asked);
        var kept = new Kept(limits.kept());
        send(request);
        var end = read(reader, codec, kept, begin + limits.timeout().toNanos());
        boolean endless = end == CloseReason.LEFT;
        var response = reader.finish(end);
        var took = Duration.ofNanos(System.nanoTime() - begin);
        // To Envoy, which waits longer than we do, what has no end hangs.
        var verdict = codec.verdict(endless ? CloseReason.OPEN : end);
        return new Exchange(response, kept.bytes(), kept.total(), verdict, took, endless);
    }

    /** Whether the last request has left as a whole, so that a next one can follow it. */
    boolean sent() {
        try {
            return writer.join(Duration.ofMillis(Limits.LINGER_MILLIS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Beside the reading: a server may answer, or say nothing, before it has read what we ask. */
    private void send(byte[] request) {
        writer = Thread.ofVirtual().name("request").start(() -> {
            try {
                socket.getOutputStream().write(request);
                socket.getOutputStream().flush();
            } catch (IOException e) {
                // The server has closed: what it said before, or that it said nothing, is what we read.
            }
        });
    }

    private CloseReason read(ResponseReader reader, EnvoyCodec codec, Kept kept, long until) throws ProbeException {
        var buffer = new byte[32 * 1024];
        try (var deadline = Deadline.closing(plain, limits.timeout().plus(GRACE))) {
            try {
                var in = socket.getInputStream();
                while (true) {
                    int wait = (int) ((until - System.nanoTime()) / 1_000_000);
                    if (wait <= 0 || kept.total() > limits.bytes()) {
                        return left(kept);
                    }
                    int read = read(in, buffer, patience(reader, wait));
                    if (read < 0) {
                        return ended(CloseReason.FIN, kept, new EOFException());
                    }
                    if (read == 0) {
                        return CloseReason.OPEN;
                    }
                    kept.add(buffer, read);
                    codec.dispatch(buffer, 0, read);
                    int used = reader.feed(buffer, 0, read);
                    reader.surplus(buffer, used, read - used);
                }
            } catch (SocketException e) {
                return deadline.passed() ? left(kept) : ended(CloseReason.RST, kept, e);
            } catch (SSLException e) {
                return ended(CloseReason.RST, kept, e);
            } catch (IOException e) {
                throw new ProbeException("the answer of " + target.text() + " could not be read: " + e.getMessage(), e);
            }
        }
    }

    /** Nothing is worth waiting for once the response is whole, or can never be. */
    private static int patience(ResponseReader reader, int wait) {
        if (reader.done()) {
            return Math.min(wait, Limits.LINGER_MILLIS);
        }
        return reader.unreadable() ? Math.min(wait, Limits.REST_MILLIS) : wait;
    }

    private static CloseReason left(Kept kept) {
        return kept.total() == 0 ? CloseReason.OPEN : CloseReason.LEFT;
    }

    /** Under TLS 1.3 the server looks at our certificate after the handshake: it ends then, with an alert or without. */
    private CloseReason ended(CloseReason end, Kept kept, IOException e) throws ProbeException {
        if (kept.total() == 0 && tls.isPresent()) {
            var handshake = tls.get();
            if (e instanceof SSLException || handshake.certificateWanted()) {
                throw handshake.failed(e);
            }
        }
        return end;
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
        if (writer.isAlive()) {
            plain.close(); // TLS would wait for the writer, and that for a server that does not read
        }
        socket.close();
    }

    /** The beginning of what came. */
    private static final class Kept {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private final int most;
        private long total;

        Kept(int most) {
            this.most = most;
        }

        void add(byte[] source, int length) {
            bytes.write(source, 0, Math.min(length, most - bytes.size()));
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
