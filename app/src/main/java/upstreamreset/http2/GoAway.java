// SPDX-License-Identifier: Apache-2.0
package upstreamreset.http2;

import upstreamreset.wire.Printable;

/**
 * A GOAWAY frame (RFC 9113 §6.8): streams above {@code last} were not processed.
 *
 * @param words its debug data, fit for printing
 */
public record GoAway(Frame frame, int last, long code, String words) {
    static final int MAX_WORDS = 80;

    static GoAway of(Frame frame, byte[] payload, int kept) {
        return new GoAway(
                frame,
                Frame.int32(payload, 0) & Integer.MAX_VALUE,
                Frame.int32(payload, 4) & 0xffff_ffffL,
                Printable.of(payload, 8, kept - 8));
    }

    /** For example {@code GOAWAY (ENHANCE_YOUR_CALM, "too_many_pings")}. */
    public String text() {
        return "GOAWAY (" + ErrorCode.name(code) + (words.isEmpty() ? "" : ", \"" + words + '"') + ")";
    }
}
