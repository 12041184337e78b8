// SPDX-License-Identifier: Apache-2.0
package upstreamreset.http1;

import upstreamreset.wire.Bytes;

/**
 * What came for one request.
 *
 * @param received the bytes as they came, interim responses and what follows the response included; as many of the first as were
 *     to be kept
 * @param total how many came
 */
public record RawResponse(FramingReport response, Bytes received, long total) {}
