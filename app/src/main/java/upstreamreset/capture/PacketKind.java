// SPDX-License-Identifier: Apache-2.0
package upstreamreset.capture;

/**
 * The packets of one kind in a capture that have no TCP segment.
 *
 * @param id the kind in kebab-case, for example {@code esp} or {@code link-type-147}
 * @param words the kind's name
 * @param packets how many of them there are
 * @param mayHideHttp whether they may contain HTTP that cannot be read here
 */
public record PacketKind(String id, String words, long packets, boolean mayHideHttp) {}
