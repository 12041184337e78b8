// SPDX-License-Identifier: Apache-2.0
package upstreamreset.accesslog;

import java.util.Optional;

/** The sentences that Envoy itself writes into replies and debug logs: the only place that spells them. */
public final class EnvoyWords {
    /** Begins the body of the reply that Envoy gives in the upstream's place ({@code source/common/http/utility.cc}). */
    public static final String REPLY = "upstream connect error or disconnect/reset before headers";

    /** Stands before the reset reason in that body. */
    static final String REPLY_REASON = REPLY + ". reset reason: ";

    /** The {@code client} logger, of bytes that its codec refused ({@code source/common/http/codec_client.cc}). */
    private static final String REFUSED = "Error dispatching received data: ";

    private static final String PROTOCOL_ERROR = "http/1.1 protocol error: ";

    private EnvoyWords() {}

    /**
     * The codec's reason for refusing a response, {@code unsupported transfer encoding} for example, from a line of the
     * {@code client} logger. Istio's own log lines end in a tab and {@code thread=…}; a terminal makes blanks of the tab.
     */
    public static Optional<String> codecReason(String line) {
        int refused = line.indexOf(REFUSED);
        if (refused < 0) {
            return Optional.empty();
        }
        int begin = refused + REFUSED.length();
        int tab = line.indexOf('\t', begin);
        int thread = line.indexOf(" thread=", begin);
        int end = tab >= 0 ? tab : thread >= 0 ? thread : line.length();
        var reason = line.substring(begin, end).replace('\u00a0', ' ').strip();
        return Optional.of(reason.startsWith(PROTOCOL_ERROR) ? reason.substring(PROTOCOL_ERROR.length()) : reason);
    }
}
