// SPDX-License-Identifier: Apache-2.0
package upstreamreset.scenario;

import java.time.Duration;
import upstreamreset.wire.Bytes;

/** One action of a {@link WireScript} on its connection. */
public sealed interface WireStep {
    /** Waits until a whole request has come: its head, and its body if it announces one. */
    record ReadRequest() implements WireStep {}

    /** Waits until the head of a request has come, and reads no body. */
    record ReadHead() implements WireStep {}

    /** Writes these bytes. */
    record Send(Bytes bytes) implements WireStep {}

    /** Does nothing for a while. */
    record Pause(Duration time) implements WireStep {}

    /** Ends the connection in order (FIN). */
    record Close() implements WireStep {}

    /** Aborts the connection (RST). */
    record Reset() implements WireStep {}

    /** Keeps the connection open and sends nothing more, until the peer leaves. */
    record Stall() implements WireStep {}

    /** Whether nothing can follow this step. */
    default boolean last() {
        return switch (this) {
            case Close _, Reset _, Stall _ -> true;
            case ReadRequest _, ReadHead _, Send _, Pause _ -> false;
        };
    }
}
