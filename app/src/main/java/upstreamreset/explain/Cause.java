// SPDX-License-Identifier: Apache-2.0
package upstreamreset.explain;

/**
 * A possible cause of a request's failure, and the command that checks it.
 *
 * @param id of the {@link KnownCause}: {@code keep-alive-race}
 * @param cause in words, with details of the log line
 */
public record Cause(String id, String cause, String next) {}
