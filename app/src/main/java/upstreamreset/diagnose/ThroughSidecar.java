// SPDX-License-Identifier: Apache-2.0
package upstreamreset.diagnose;

import java.util.List;
import java.util.Optional;
import upstreamreset.accesslog.LogField;
import upstreamreset.codec.ProxyAlteration;
import upstreamreset.explain.Hop;

/** The sidecar's response to a request through the API server's Pod proxy. */
public sealed interface ThroughSidecar {
    /**
     * It answered.
     *
     * @param server the field, as it arrived; empty for none
     * @param line what the sidecar logged of our question
     * @param codec what its codec said, where that was raised
     * @param altered what differs from what the app sent past the sidecar
     */
    record Answered(
            int status, String server, String body, Optional<Hop> line, CodecWords codec, List<ProxyAlteration> altered)
            implements ThroughSidecar {
        /** What Envoy answers where an authorization policy denies. */
        private static final String RBAC = "RBAC: access denied";

        public Answered {
            altered = List.copyOf(altered);
        }

        /** The same with what the sidecar logged of it. */
        Answered with(Optional<Hop> logged, CodecWords said) {
            return new Answered(status, server, body, logged, said, altered);
        }

        /** Whether the sidecar made the answer itself. */
        boolean failed() {
            return line.map(hop -> hop.exchange().failed()).orElse(status >= 500 || resetReason());
        }

        boolean madeBySidecar() {
            return line.map(hop -> hop.exchange().madeHere()).orElseGet(this::resetReason);
        }

        /**
         * Whether the sidecar refused whom it was asked by, or for what did not reach it: an authorization policy, or a field that
         * the API server's Pod proxy withholds. Others may be let in.
         */
        boolean refusedAsClient(Question question) {
            int got = line.map(hop -> hop.exchange().status()).orElse(status);
            boolean byPolicy = line.flatMap(hop -> hop.entry().text(LogField.RESPONSE_CODE_DETAILS))
                            .filter(details -> details.startsWith("rbac_access_denied"))
                            .isPresent()
                    || (got == 403 && body.startsWith(RBAC));
            return byPolicy || (got >= 400 && got < 500 && !question.withheld().isEmpty());
        }

        /** Envoy's own words in the body. */
        boolean resetReason() {
            return body.startsWith(upstreamreset.accesslog.EnvoyWords.REPLY);
        }

        /** {@code 502 UPE}, as far as it is known. */
        String text() {
            return line.map(hop -> hop.exchange().status() + flags(hop)).orElse(Integer.toString(status));
        }

        private static String flags(Hop hop) {
            return hop.entry().flags().isEmpty()
                    ? ""
                    : " " + String.join(",", hop.entry().flags());
        }
    }

    /** The API server could not reach the Pod's port; one sentence. */
    record NotReached(String why, boolean refused, boolean reset) implements ThroughSidecar {}

    /** It was not asked; one sentence. */
    record NotAsked(String why) implements ThroughSidecar {}
}
