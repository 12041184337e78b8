// SPDX-License-Identifier: Apache-2.0
package upstreamreset.verdict;

/**
 * Envoy's verdict on a response, in the words of its access log.
 *
 * @param status {@code %RESPONSE_CODE%}: the client's status; 0 if the client got none
 * @param flags {@code %RESPONSE_FLAGS%}: {@code UPE}; {@code -} for none
 * @param details {@code %RESPONSE_CODE_DETAILS%}: {@code via_upstream}
 * @param message the codec's reason, which only the debug log has; empty for none
 * @param version Envoy's: {@code 1.40.0}
 */
public record Verdict(Outcome outcome, int status, String flags, String details, String message, String version) {}
