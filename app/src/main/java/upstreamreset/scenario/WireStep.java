// SPDX-License-Identifier: Apache-2.0
package upstreamreset.scenario;

import java.time.Duration;
import upstreamreset.wire.Bytes;
import upstreamreset.wire.Printable;

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

    /** As a person reads it, close to how the scenario files write it; control characters are visible. */
    default String inWords() {
        return switch (this) {
            case ReadRequest _ -> "read the request";
            case ReadHead _ -> "read the head of the request";
            case Send(var bytes) ->
                "send " + Printable.of(bytes.toArray())
                        + (bytes.length() > Printable.MAX_LENGTH ? " (" + bytes.length() + " bytes)" : "");
            case Pause(var time) -> "wait " + time.toMillis() + " ms";
            case Close _ -> "close (FIN)";
            case Reset _ -> "reset (RST)";
            case Stall _ -> "stay silent";
        };
    }

    /** Whether nothing can follow this step. */
    default boolean last() {
        return switch (this) {
            case Close _, Reset _, Stall _ -> true;
            case ReadRequest _, ReadHead _, Send _, Pause _ -> false;
        };
    }
}
