// SPDX-License-Identifier: Apache-2.0
/** Reads and writes capture files, pcap and pcapng, and decodes each packet to its TCP segment. */
@NullMarked
package upstreamreset.capture;

import org.jspecify.annotations.NullMarked;
