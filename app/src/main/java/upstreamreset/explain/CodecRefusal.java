// SPDX-License-Identifier: Apache-2.0
package upstreamreset.explain;

import java.util.List;
import upstreamreset.accesslog.EnvoyWords;
import upstreamreset.http1.Rule;
import upstreamreset.verdict.CodecReason;

/**
 * The message of Envoy's codec about a refused response.
 *
 * @param said the codec's reason, for example {@code unsupported transfer encoding}
 * @param rules those that the response may have broken, the most likely first; none for an unknown message
 */
public record CodecRefusal(CodecSaid said, List<Rule> rules) {
    public CodecRefusal {
        rules = List.copyOf(rules);
    }

    String message() {
        return said.text();
    }

    /** Whether it was a message of HTTP/2, of which the codec says no rule. */
    boolean isHttp2() {
        return !said.http2().isEmpty() || EnvoyWords.isHttp2Refusal(said.message());
    }

    /** {@code status} is what the client got; 0 if unknown. */
    static CodecRefusal of(CodecSaid said, int status) {
        var message = said.message();
        return new CodecRefusal(said, status == 0 ? CodecReason.rules(message) : CodecReason.rules(message, status));
    }
}
