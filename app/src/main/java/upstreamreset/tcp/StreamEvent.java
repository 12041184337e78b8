// SPDX-License-Identifier: Apache-2.0
package upstreamreset.tcp;

import java.net.InetSocketAddress;
import java.time.Instant;
import upstreamreset.wire.Bytes;

/** One event on a TCP connection, in order; {@code stream} identifies the connection. */
public sealed interface StreamEvent {
    int stream();

    Instant time();

    /** About how much memory it takes, in bytes. */
    default long memory() {
        return 200L + (this instanceof Data data ? data.bytes().length() : 0);
    }

    /** The connection is open; nothing of the same stream comes before this. */
    record Opened(int stream, Instant time, InetSocketAddress client, InetSocketAddress server) implements StreamEvent {
        public Opened {
            if (client.isUnresolved() || server.isUnresolved()) {
                throw new IllegalArgumentException("an endpoint has no address: " + client + ", " + server);
            }
        }
    }

    /** Bytes in one direction. */
    record Data(int stream, Instant time, Direction direction, Bytes bytes) implements StreamEvent {}

    /** {@code length} bytes that were sent in one direction are not in the capture; 0 if their number is unknown. */
    record Gap(int stream, Instant time, Direction direction, long length) implements StreamEvent {}

    /** The sender of {@code direction} closed it in good order (FIN). */
    record Fin(int stream, Instant time, Direction direction) implements StreamEvent {}

    /** The sender of {@code direction} tore the connection down (RST). */
    record Reset(int stream, Instant time, Direction direction) implements StreamEvent {}
}
