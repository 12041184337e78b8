// SPDX-License-Identifier: Apache-2.0
package upstreamreset.explain;

/** Why a request may have failed so, and the command that tells whether it did. */
public record Cause(String cause, String next) {}
