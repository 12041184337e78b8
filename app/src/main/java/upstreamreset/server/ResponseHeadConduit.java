// SPDX-License-Identifier: Apache-2.0
package upstreamreset.server;

import io.undertow.server.HttpServerExchange;
import io.undertow.server.protocol.http.HttpServerConnection;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.xnio.StreamConnection;
import org.xnio.conduits.AbstractStreamSinkConduit;
import org.xnio.conduits.StreamSinkConduit;

/**
 * Replaces a response head of Undertow's just before the socket.
 *
 * <p>It replaces a stream's head, because Undertow takes the order of field lines from a hash table, and the bare 400
 * that Undertow sends for an unreadable request, because it gives no reason. Belongs to the connection's IO thread.
 */
final class ResponseHeadConduit extends AbstractStreamSinkConduit<StreamSinkConduit> {
    /** What io.undertow.server.protocol.http.HttpReadListener sends; every handler's response has a Date. */
    private static final ByteBuffer BARE_400 =
            ascii("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");

    private static final String REFUSAL =
            "This is not an HTTP/1.1 request: a start line or field line is malformed (RFC 9112 sections 3 and 5), "
                    + "or no parameter, field name or path of it can be decoded.\n";

    private static final ByteBuffer OUR_400 = ascii("HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain\r\n"
            + "Content-Length: " + REFUSAL.length() + "\r\nConnection: close\r\n\r\n" + REFUSAL);

    private static final int MAX_DISCARDED = 128 * 1024;

    private final StreamConnection connection;
    private final Turn turn;
    private @Nullable ByteBuffer replacement;

    private ResponseHeadConduit(StreamConnection connection, Turn turn) {
        super(connection.getSinkChannel().getConduit());
        this.connection = connection;
        this.turn = turn;
    }

    /** Adds it to a new connection, before Undertow sees that. */
    static void install(StreamConnection connection, Turn turn) {
        connection.getSinkChannel().setConduit(new ResponseHeadConduit(connection, turn));
    }

    /** Sends this head in place of the exchange's own. */
    static void replaceHead(HttpServerExchange exchange, String head) {
        var sink = ((HttpServerConnection) exchange.getConnection()).getOriginalSinkConduit();
        ((ResponseHeadConduit) sink).replacement = ascii(head);
    }

    @Override
    public int write(ByteBuffer src) throws IOException {
        if (replacement == null && src.equals(BARE_400)) {
            discardInput();
            replacement = OUR_400.duplicate();
        }
        if (replacement == null) {
            return next.write(src);
        }
        while (replacement.hasRemaining()) {
            if (next.write(replacement) == 0) {
                return 0;
            }
        }
        replacement = null;
        int taken = src.remaining();
        src.position(src.limit());
        return taken;
    }

    @Override
    public long write(ByteBuffer[] srcs, int offset, int length) throws IOException {
        return replacement == null ? next.write(srcs, offset, length) : write(srcs[offset]);
    }

    /** Undertow closes right after its 400: unread bytes would turn that into a reset, which overtakes the 400. */
    private void discardInput() throws IOException {
        var waste = Scratch.buffer();
        for (int left = MAX_DISCARDED; left > 0; left -= waste.position()) {
            waste.clear();
            turn.begins();
            if (connection.getSourceChannel().read(waste) <= 0) {
                return;
            }
        }
    }

    private static ByteBuffer ascii(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII)).asReadOnlyBuffer();
    }
}
