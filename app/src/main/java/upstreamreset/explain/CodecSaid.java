// SPDX-License-Identifier: Apache-2.0
package upstreamreset.explain;

import java.util.Optional;
import java.util.regex.Pattern;
import upstreamreset.wire.Secrets;

/**
 * The messages in Envoy's debug log about bytes that its codec refused.
 *
 * @param message the codec's reason; empty if only the {@code http2} logger spoke
 * @param http2 the {@code http2} logger's message about the previous frame; empty for none
 */
public record CodecSaid(String message, String http2) {
    private static final Pattern FIELD = Pattern.compile("name: \\[(.*)], value: \\[(.*)]");

    public static final CodecSaid NOTHING = new CodecSaid("", "");

    /** The value of a credential's field is not kept. */
    public CodecSaid {
        http2 = Secrets.text(http2);
    }

    boolean isNothing() {
        return message.isEmpty() && http2.isEmpty();
    }

    /** Both, as one text. */
    String text() {
        return message.isEmpty() ? http2 : message + (http2.isEmpty() ? "" : "; before it: " + http2);
    }

    /** The field that broke the message, in words. */
    Optional<String> field() {
        var field = FIELD.matcher(http2);
        return field.find()
                ? Optional.of("the field \"%s\" with the value \"%s\"".formatted(field.group(1), field.group(2)))
                : Optional.empty();
    }
}
