// SPDX-License-Identifier: Apache-2.0
package upstreamreset.accesslog;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A line of Envoy's {@code client} logger (source/common/http/codec_client.cc), the only place where Envoy says why it
 * refused a response: the upstream connection that it concerns, and the text.
 */
public record CodecMessage(long connection, String text) {
    private static final Pattern LINE =
            Pattern.compile("(?s)\\|debug\\|client\\|\\[Tags: \"ConnectionId\":\"(\\d{1,18})\".*?] (.*)");

    /** The codec's reason for refusing a response, for example {@code unsupported transfer encoding}. */
    public Optional<String> reason() {
        return EnvoyWords.codecReason(text);
    }

    public static Optional<CodecMessage> parse(String line) {
        var message = LINE.matcher(line);
        return message.matches()
                ? Optional.of(new CodecMessage(Long.parseLong(message.group(1)), message.group(2)))
                : Optional.empty();
    }
}
