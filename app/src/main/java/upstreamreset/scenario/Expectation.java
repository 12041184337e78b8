// SPDX-License-Identifier: Apache-2.0
package upstreamreset.scenario;

import java.util.Optional;
import java.util.OptionalLong;
import upstreamreset.verdict.Outcome;
import upstreamreset.wire.Bytes;

/**
 * A real Envoy's reaction to a scenario, from its access log and its {@code client} logger.
 *
 * @param status of the access log; 0 when no response was sent
 * @param flags for example {@code UPE} or {@code URX,UF}; {@code -} for none
 * @param details RESPONSE_CODE_DETAILS, for example {@code via_upstream}; {@code -} for none; a {@code *} at the end
 *     stands for the operating system's or the TLS library's words
 * @param codecMessage the codec's own reason, in the {@code client} logger at debug only
 * @param bytes of body that the client gets (BYTES_SENT), if certain
 * @param gets text in the response that the client gets
 * @param attempts how often the app was called, or only connected to if it does not read
 * @param atClient the line of the client's sidecar, if there is one
 */
public record Expectation(
        Outcome outcome,
        int status,
        String flags,
        String details,
        Optional<String> codecMessage,
        OptionalLong bytes,
        Optional<Bytes> gets,
        int attempts,
        Optional<Line> atClient) {
    /** One proxy's access log. */
    public record Line(int status, String flags, String details) {}

    public Expectation {
        if (status != 0 && (status < 100 || status > 9999)) {
            throw new IllegalArgumentException("status " + status + " is neither 0 (none) nor between 100 and 9999");
        }
        if (attempts < 0) {
            throw new IllegalArgumentException("attempts " + attempts + " is negative");
        }
    }

    /** Outcome, status and flags, for a table. */
    public String inShort() {
        return outcome.text() + " " + status + " " + flags;
    }

    /** Whether the access log's {@code actual} is the expected value. */
    public boolean matchesDetails(String actual) {
        return details.endsWith("*")
                ? actual.startsWith(details.substring(0, details.length() - 1))
                : actual.equals(details);
    }

    /** Whether {@code actual}, the client's response, contains the expected text. */
    public boolean matchesResponse(Bytes actual) {
        return gets.filter(each -> !actual.latin1().contains(each.latin1())).isEmpty();
    }

    /** Whether the client can detect that something went wrong. */
    public boolean clientCanTell() {
        return switch (outcome) {
            case PASSES, DAMAGED -> false;
            case RESETS_BEFORE, RESETS_AFTER, HANGS, REFUSED, UNKNOWN -> true;
        };
    }
}
