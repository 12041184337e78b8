// SPDX-License-Identifier: Apache-2.0
package upstreamreset.scenario;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Locale;
import upstreamreset.wire.Bytes;

/** HTTP/2 frames as text: {@code TYPE FLAGS STREAM "payload"}; the length is counted (RFC 9113 §4.1). */
final class FrameText {
    private static final List<String> TYPES =
            List.of("data headers priority rst-stream settings push-promise ping goaway window-update continuation"
                    .split(" ", -1));
    private static final int HEADER_LENGTH = 9;

    private FrameText() {}

    static Bytes parse(String text) {
        var words = text.split(" +", 4);
        int type = TYPES.indexOf(words[0].toLowerCase(Locale.ROOT));
        if (type < 0) {
            throw new IllegalArgumentException(
                    "\"" + words[0] + "\" is not a frame type; they are " + String.join(", ", TYPES));
        }
        if (words.length < 3) {
            throw new IllegalArgumentException("expected frame TYPE FLAGS STREAM \"payload\", got: frame " + text);
        }
        int flags = Integer.decode(words[1]);
        int stream = Integer.parseInt(words[2]);
        var payload = words.length == 4 ? WireText.parse(words[3]) : Bytes.EMPTY;
        return Bytes.of(ByteBuffer.allocate(HEADER_LENGTH + payload.length())
                .putInt(payload.length() << 8 | type)
                .put((byte) flags)
                .putInt(stream)
                .put(payload.toArray())
                .array());
    }
}
