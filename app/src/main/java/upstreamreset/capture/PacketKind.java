// SPDX-License-Identifier: Apache-2.0
package upstreamreset.capture;

/**
 * Packets of a capture that gave no TCP segment, all of one kind.
 *
 * @param id the kind in kebab-case, for example {@code esp} or {@code link-type-147}
 * @param words the kind's name
 * @param packets how many of them there are
 * @param mayHideHttp whether HTTP may be in them that nobody here can read
 */
public record PacketKind(String id, String words, long packets, boolean mayHideHttp) {}
