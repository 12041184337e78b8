// SPDX-License-Identifier: Apache-2.0
package upstreamreset.http1;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import upstreamreset.wire.Bytes;

/**
 * Writes one request to an open connection, byte for byte, and reads the response until its {@link Receiver} is done.
 * The way it ended is a result, not an exception.
 *
 * <p>The caller owns the connection: it opens and closes it, and may run several exchanges on it one after the other.
 * {@link #receive} blocks the caller's thread, while a virtual thread writes: a server may answer or close before it
 * has read the request. To bound the whole exchange, close the connection from another thread; the exchange then ends
 * with {@link CloseReason#LEFT}.
 */
public final class RawExchange {
    private static final int BUFFER = 16 * 1024;

    private final Transport transport;
    private final ResponseReader reader;
    private final Thread writer;
    private @Nullable IOException failure;

    /**
     * The bytes received for one request.
     *
     * @param received the bytes as they came, interim responses and what follows the response included; as many of the
     *     first as were to be kept
     * @param total the number of bytes received
     */
    public record Response(FramingReport response, Bytes received, long total) {}

    /** Takes the bytes as they come, and says how long to wait for more. */
    @FunctionalInterface
    public interface Receiver {
        /** No more is wanted, and the connection stays open. */
        long ENOUGH = 0;

        /** No more is waited for, though there may be more. */
        long LEAVE = -1;

        /**
         * How many milliseconds to wait for the next bytes: {@link #ENOUGH}, {@link #LEAVE}, or at least 1.
         *
         * @param response what has been read so far
         * @param total how many bytes have come
         */
        long patience(ResponseReader response, long total);

        /** How many milliseconds more to wait when nothing has come for that long; 0 not to. */
        default long furtherPatience(ResponseReader response, long total) {
            return 0;
        }

        /** Bytes that have come; valid until this returns. */
        default void received(byte[] buffer, int length) {}

        /** Reads until the response is complete, but waits no longer than {@code silence} for its next byte. */
        static Receiver untilComplete(Duration silence) {
            return (response, _) -> response.done() ? ENOUGH : silence.toMillis();
        }
    }

    private RawExchange(Transport transport, ResponseReader reader, Thread writer) {
        this.transport = transport;
        this.reader = reader;
        this.writer = writer;
    }

    /**
     * Begins to write {@code request}. An exchange before it on the connection must be {@link #sent}.
     *
     * @param context what of the request decides how the response is read
     * @param bodyKept as many bytes of the body are kept in {@link FramingReport#body}
     */
    public static RawExchange send(Transport transport, byte[] request, RequestContext context, int bodyKept) {
        var writer = Thread.ofVirtual().name("request").start(() -> {
            try {
                transport.write(request);
            } catch (IOException e) {
                // The peer has closed, or we have: what came before that is what is read.
            }
        });
        return new RawExchange(transport, new ResponseReader(context, bodyKept), writer);
    }

    /** Reads the response. Call it once. */
    public Response receive(Receiver receiver, int bytesKept) {
        var buffer = new byte[BUFFER];
        var kept = new ByteArrayOutputStream();
        long total = 0;
        while (true) {
            long wait = receiver.patience(reader, total);
            if (wait <= 0) {
                return response(wait == Receiver.ENOUGH ? CloseReason.OPEN : CloseReason.LEFT, kept, total);
            }
            int count;
            try {
                count = transport.read(buffer, wait);
                long more = count == 0 ? receiver.furtherPatience(reader, total) : 0;
                if (more > 0) {
                    count = transport.read(buffer, more);
                }
            } catch (IOException e) {
                failure = e;
                return response(transport.closed() ? CloseReason.LEFT : CloseReason.RST, kept, total);
            }
            if (count <= 0) {
                return response(count < 0 ? CloseReason.FIN : CloseReason.OPEN, kept, total);
            }
            kept.write(buffer, 0, Math.min(count, bytesKept - kept.size()));
            total += count;
            receiver.received(buffer, count);
            int used = reader.feed(buffer, 0, count);
            reader.surplus(buffer, used, count - used);
        }
    }

    /** Whom we leave before a single byte has come was silent on an open connection: that is not an answer cut short by us. */
    private Response response(CloseReason end, ByteArrayOutputStream kept, long total) {
        boolean silent = end == CloseReason.LEFT && total == 0;
        return new Response(reader.finish(silent ? CloseReason.OPEN : end), Bytes.of(kept.toByteArray()), total);
    }

    /** Why reading failed, if it did. */
    public @Nullable IOException failure() {
        return failure;
    }

    /** Whether the whole request has been written, waiting for it no longer than {@code patience}. */
    public boolean sent(Duration patience) throws InterruptedException {
        return writer.join(patience);
    }

    /** Waits until the whole request has been written, or cannot be any more. */
    public void awaitSent() throws InterruptedException {
        writer.join();
    }
}
