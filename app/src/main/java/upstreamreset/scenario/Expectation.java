// SPDX-License-Identifier: Apache-2.0
package upstreamreset.scenario;

import java.util.Optional;
import java.util.OptionalLong;
import upstreamreset.framing.Outcome;

/**
 * What a real Envoy does with a scenario, as its access log and its {@code client} logger say it.
 *
 * @param status of the access log; 0 when no response was sent
 * @param flags for example {@code UPE} or {@code URX,UF}; {@code -} for none
 * @param details RESPONSE_CODE_DETAILS, for example {@code via_upstream}; {@code -} for none
 * @param codecMessage the codec's own reason, in the {@code client} logger at debug only
 * @param bytes of body that the client gets (BYTES_SENT), where they are certain
 * @param attempts how often the app was called for the last request
 */
public record Expectation(
        Outcome outcome,
        int status,
        String flags,
        String details,
        Optional<String> codecMessage,
        OptionalLong bytes,
        int attempts) {
    public Expectation {
        if (status != 0 && (status < 100 || status > 999)) {
            throw new IllegalArgumentException("status " + status + " is not between 100 and 999, nor 0 for none");
        }
        if (attempts < 0) {
            throw new IllegalArgumentException("attempts " + attempts + " is negative");
        }
    }

    /** Whether the client can tell from what it got that something went wrong. */
    public boolean clientCanTell() {
        return switch (outcome) {
            case PASSES, DAMAGED -> false;
            case RESETS_BEFORE, RESETS_AFTER, HANGS, REFUSED -> true;
        };
    }
}
