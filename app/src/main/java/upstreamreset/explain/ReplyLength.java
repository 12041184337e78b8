// SPDX-License-Identifier: Apache-2.0
package upstreamreset.explain;

import java.util.Optional;
import upstreamreset.accesslog.AccessLogEntry;
import upstreamreset.accesslog.EnvoyWords;
import upstreamreset.accesslog.LogField;
import upstreamreset.accesslog.ResetReason;
import upstreamreset.accesslog.ResponseFlag;

/** Interprets {@code %BYTES_SENT%}: the length of Envoy's own reply follows from the reason. */
public final class ReplyLength {
    private static final int TRANSPORT = (", " + EnvoyWords.TRANSPORT).length();

    private static final ResetReason TIMEOUT = new ResetReason("connection timeout");

    private ReplyLength() {}

    /** One sentence on the bytes that the client got; empty if there is nothing to say. */
    static Optional<String> sentence(AccessLogEntry entry, ResetReason reason) {
        var sent = entry.number(LogField.BYTES_SENT);
        if (sent.isEmpty() || entry.status().isEmpty()) {
            return Optional.empty();
        }
        long bytes = sent.getAsLong();
        if (entry.status().getAsInt() < 400) {
            return Optional.of("%d bytes of body reached the client before the proxy cut it off".formatted(bytes));
        }
        var own =
                "the %d bytes that the client got are the proxy's own text (\"...reset reason: %s\"), none of them the app's"
                        .formatted(bytes, reason.text());
        int transport = entry.text(LogField.UPSTREAM_TRANSPORT_FAILURE_REASON)
                .map(String::length)
                .orElse(-1);
        for (boolean retried : new boolean[] {false, true}) {
            int length = reason.bodyLength(retried);
            if (bytes == length) {
                return Optional.of(own + (retried ? ", and 23 of them say that it was retried" : ""));
            }
            if (transport > 0 && bytes == length + TRANSPORT + transport) {
                return Optional.of(own + ", the transport failure included as before Envoy 1.38.1");
            }
        }
        return Optional.of(
                bytes == 0
                        ? "the client got no body (HEAD, or it had left)"
                        : ("%d bytes are not the length of Envoy's own text (%d): the mesh has a custom local"
                                        + " reply, or the request was gRPC")
                                .formatted(bytes, reason.bodyLength(false)));
    }

    /**
     * The reason, from flag and length alone: for formats without details. Two reasons have one length: "connection failure",
     * until Envoy 1.26, and "connection timeout", which takes a second or more.
     */
    public static Optional<ResetReason> reason(AccessLogEntry entry) {
        var sent = entry.number(LogField.BYTES_SENT);
        if (sent.isEmpty() || entry.status().orElse(0) < 500) {
            return Optional.empty();
        }
        return entry.flags().stream()
                .map(ResponseFlag::of)
                .flatMap(Optional::stream)
                .flatMap(ResetReason::of)
                .filter(reason -> reason.hasBodyLength(sent.getAsLong()))
                .filter(reason -> !reason.equals(TIMEOUT) || !FailedConnection.tooShortForTimeout(entry))
                .filter(reason ->
                        reason.bodyLength(false) != TIMEOUT.bodyLength(false) || FailedConnection.durationTells(entry))
                .findFirst();
    }
}
