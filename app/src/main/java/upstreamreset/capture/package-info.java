// SPDX-License-Identifier: Apache-2.0
/** Capture files, pcap and pcapng, in and out; the way of a packet from the file to its TCP segment. */
@NullMarked
package upstreamreset.capture;

import org.jspecify.annotations.NullMarked;
