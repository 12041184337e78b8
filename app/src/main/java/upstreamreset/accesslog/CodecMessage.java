// SPDX-License-Identifier: Apache-2.0
package upstreamreset.accesslog;

import java.util.Optional;

/**
 * A line of Envoy's {@code client} logger (source/common/http/codec_client.cc), the only place where Envoy says why it
 * refused a response: the connection to the upstream that it is about, and the text.
 */
public record CodecMessage(long connection, String text) {
    private static final String PREFIX = "|debug|client|[Tags: \"ConnectionId\":\"";

    /** The codec's reason for refusing a response, for example {@code unsupported transfer encoding}. */
    public Optional<String> reason() {
        return EnvoyWords.codecReason(text);
    }

    public static Optional<CodecMessage> parse(String line) {
        int end = line.startsWith(PREFIX) ? line.indexOf('"', PREFIX.length()) : -1;
        int text = end < 0 ? -1 : line.indexOf("] ", end);
        if (text < 0) {
            return Optional.empty();
        }
        try {
            return Optional.of(new CodecMessage(
                    Long.parseLong(line, PREFIX.length(), end, 10), line.substring(text + "] ".length())));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }
}
