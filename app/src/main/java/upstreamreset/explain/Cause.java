// SPDX-License-Identifier: Apache-2.0
package upstreamreset.explain;

/**
 * Why a request may have failed so, and the command that tells whether it did.
 *
 * @param id of the {@link KnownCause}: {@code keep-alive-race}
 * @param cause in words, with what the line says of it
 */
public record Cause(String id, String cause, String next) {}
