// SPDX-License-Identifier: Apache-2.0
package upstreamreset.inspect;

import org.jspecify.annotations.Nullable;
import upstreamreset.http1.CloseReason;
import upstreamreset.tcp.Direction;

/** Records who ended a connection first, how and when, and how the server ended its side. */
final class ConnectionClose {
    /** No time-out is shorter. */
    private static final long MIN_PATIENCE_NANOS = 100_000_000L;

    /** The same where the server may still answer: the client has only said that it sends no more. */
    private static final long MIN_HALF_CLOSED_NANOS = 1_000_000_000L;

    /** Why a response is judged before its end, where neither side ended the connection. */
    static final String CAPTURE_ENDED = "the capture ends before the response does: judged on the captured part";

    static final String GIVEN_UP = "the connection was dropped at the memory limit: judged on the part read so far";

    private @Nullable Direction first;
    private boolean firstByReset;
    private boolean reset;
    private long nanos;
    private CloseReason byServer = CloseReason.OPEN;

    /** The sender of {@code direction} ended its side. */
    void ended(Direction direction, boolean byReset, long at) {
        if (first == null) {
            first = direction;
            firstByReset = byReset;
            nanos = at;
        }
        reset |= byReset;
        if (direction == Direction.TO_CLIENT && byServer == CloseReason.OPEN) {
            byServer = byReset ? CloseReason.RST : CloseReason.FIN;
        }
    }

    /** Whether neither side has ended it. */
    boolean open() {
        return first == null;
    }

    /** Whether the server sends nothing more: it ended its side, or a reset ended both. */
    boolean serverDone() {
        return byServer.bySender() || reset;
    }

    boolean clientFirst() {
        return first == Direction.TO_SERVER;
    }

    /** Whether only the client has ended its side, in good order: the server may still send. */
    private boolean halfOpen() {
        return clientFirst() && !firstByReset && byServer == CloseReason.OPEN;
    }

    /** Whether the client ended it after so short a wait that it says nothing about the server. */
    boolean clientLeftWithin(long wait) {
        return clientFirst() && wait < (halfOpen() ? MIN_HALF_CLOSED_NANOS : MIN_PATIENCE_NANOS);
    }

    /** When the first side ended it, since the epoch. */
    long nanos() {
        return nanos;
    }

    CloseReason byServer() {
        return byServer;
    }

    /** How the first side ended it: {@code FIN} or {@code RST}. */
    String how() {
        return firstByReset ? "RST" : "FIN";
    }

    /** The note about a response during which the client ended the connection. */
    String underTheResponse() {
        return "the client ended the connection (%s) before the response was over".formatted(how());
    }

    /** For example {@code server FIN}, or {@code nobody}. */
    String text() {
        return first == null ? "nobody" : first.sender() + " " + how();
    }
}
