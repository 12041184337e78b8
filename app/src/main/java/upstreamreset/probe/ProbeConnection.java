// SPDX-License-Identifier: Apache-2.0
package upstreamreset.probe;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import upstreamreset.codec.EnvoyCodec;
import upstreamreset.http1.CloseReason;
import upstreamreset.http1.RawExchange;
import upstreamreset.http1.ResponseReader;
import upstreamreset.http1.Transport;
import upstreamreset.verdict.Outcome;

/** One connection to a server, for one exchange after the other. Not thread-safe. */
final class ProbeConnection implements AutoCloseable {
    /** How much longer than its timeout a read may take: {@link Deadline} is for peers that keep a read from ending. */
    private static final Duration GRACE = Duration.ofMillis(500);

    private final Target target;
    private final Closeable plain;
    private final Optional<Tls> tls;
    private final Closeable whole;
    private final Function<BooleanSupplier, Transport> transport;
    private @Nullable RawExchange last;

    private ProbeConnection(
            Target target,
            Closeable plain,
            Optional<Tls> tls,
            Closeable whole,
            Function<BooleanSupplier, Transport> transport) {
        this.target = target;
        this.plain = plain;
        this.tls = tls;
        this.whole = whole;
        this.transport = transport;
    }

    /** Over an open connection, in plain text; closing this closes it. */
    static ProbeConnection over(Target target, Transport transport) {
        return new ProbeConnection(target, transport, Optional.empty(), transport, _ -> transport);
    }

    /** @throws ProbeException when no connection can be made; the message says why */
    static ProbeConnection open(Target target, Limits limits) throws ProbeException {
        try {
            var plain = connect(InetAddress.getAllByName(target.host()), target.port(), limits.timeout());
            try {
                plain.setTcpNoDelay(true);
                plain.setSoTimeout(millis(limits.timeout()));
                var tls = target.tls() ? Optional.of(Tls.handshake(plain, target, limits)) : Optional.<Tls>empty();
                var socket = tls.<Socket>map(Tls::socket).orElse(plain);
                // Not by the socket's isClosed: TLS closes its socket by itself when it fails.
                return new ProbeConnection(target, plain, tls, socket, closed -> Transport.of(socket, closed));
            } catch (IOException e) {
                plain.close();
                throw e;
            }
        } catch (ProbeException e) {
            throw e;
        } catch (IOException e) {
            throw new ProbeException(reason(target, limits, e), e, true);
        }
    }

    /** Connects to the first of a host's addresses that accepts, as every client does; if none does, the first failure counts. */
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

    /** At least 1: to a socket, 0 means no timeout. */
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
                "%s did not accept a connection to port %d within %d ms; is there a firewall in between?"
                        .formatted(target.host(), target.port(), millis(limits.timeout()));
            default -> "no connection to %s port %d: %s".formatted(target.host(), target.port(), e.getMessage());
        };
    }

    /** Sends the request, and reads until the response is complete, the connection ends, or the limits are reached. */
    Exchange exchange(ProbeRequest request, String envoyVersion, Limits limits) throws ProbeException {
        long begin = System.nanoTime();
        var bytes = request.bytes(target);
        var context = request.context(bytes);
        var codec = new EnvoyCodec(envoyVersion, context);
        var receiver = new LimitedReceiver(codec, limits, begin);
        RawExchange.Response got;
        try (var deadline = new Deadline(plain, limits.timeout().multipliedBy(2).plus(GRACE))) {
            last = RawExchange.send(transport.apply(deadline::passed), bytes, context, 0);
            got = last.receive(receiver, limits.kept());
            check(got, last.failure());
        }
        var response = got.response();
        var took = Duration.ofNanos(System.nanoTime() - begin);
        boolean left = response.closedBy() == CloseReason.LEFT;
        // To Envoy, which waits longer than we do, what has no end hangs.
        var verdict = codec.verdict(left ? CloseReason.OPEN : response.closedBy());
        var silent = Duration.ofNanos(System.nanoTime() - receiver.lastByte);
        return Exchange.of(
                new Exchange(
                        response, got.received(), got.total(), verdict, took, silent, false, request.takesCompressed()),
                limits);
    }

    /**
     * Under TLS 1.3 the server verifies the client's certificate after the handshake: it closes then, with an alert or without.
     *
     * @param failure what a read threw, if one did
     */
    private void check(RawExchange.Response got, @Nullable IOException failure) throws ProbeException {
        if (got.total() == 0 && got.response().closedBy().bySender() && tls.isPresent()) {
            var handshake = tls.get();
            if (failure instanceof SSLException || handshake.certificateWanted()) {
                throw handshake.failed(failure == null ? new EOFException() : failure);
            }
        }
        if (failure != null && !(failure instanceof SocketException) && !(failure instanceof SSLException)) {
            throw new ProbeException(
                    "the response of " + target.text() + " could not be read: " + failure.getMessage(), failure);
        }
    }

    /** Whether the last request has been sent to its end, so that another one can follow it. */
    boolean sent() {
        // Where the answer is whole, only a busy machine takes long to tell, or a server that has not read the request.
        return sent(Duration.ofMillis(Limits.REST_MILLIS));
    }

    private boolean sent(Duration patience) {
        try {
            return last == null || last.sent(patience);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    @Override
    public void close() throws IOException {
        if (!sent(Duration.ZERO)) {
            plain.close(); // TLS would wait for the writer, and that for a server that does not read
        }
        whole.close();
    }

    /** Reads until the response and the bytes after it have come, or to a limit; the codec reads along. */
    private static final class LimitedReceiver implements RawExchange.Receiver {
        private final EnvoyCodec codec;
        private final Limits limits;
        private final long until;
        private long lastByte = System.nanoTime();

        LimitedReceiver(EnvoyCodec codec, Limits limits, long begin) {
            this.codec = codec;
            this.limits = limits;
            this.until = begin + limits.timeout().toNanos();
        }

        @Override
        public void received(byte[] buffer, int length) {
            lastByte = System.nanoTime();
            codec.dispatch(buffer, 0, length);
        }

        @Override
        public long patience(ResponseReader response, long total) {
            long left = (until - System.nanoTime()) / 1_000_000;
            // Nothing is worth waiting for once the response is whole, or can never be.
            if (response.done() || response.tunnel()) {
                return left <= 0 ? ENOUGH : Math.min(left, Limits.LINGER_MILLIS);
            }
            if (left <= 0 || total > limits.bytes()) {
                return LEAVE;
            }
            if (limits.hasty() && total > 0 && codec.verdict(CloseReason.OPEN).outcome() == Outcome.RESETS_BEFORE) {
                return Math.min(left, Limits.HASTY_MILLIS);
            }
            return response.unreadable() ? Math.min(left, Limits.REST_MILLIS) : left;
        }

        /** A body that pauses at the end of the time may be a stream's: its next byte shows it. */
        @Override
        public long furtherPatience(ResponseReader response, long total) {
            boolean paused = System.nanoTime() - lastByte > limits.timeout().toNanos() / 2;
            return paused
                            && response.mayGoOn()
                            && !response.isEventStream()
                            && !limits.hasty()
                            && codec.verdict(CloseReason.OPEN).outcome() == Outcome.HANGS
                    ? limits.timeout().toMillis()
                    : 0;
        }
    }
}
