// SPDX-License-Identifier: Apache-2.0
package upstreamreset.codec;

/** What the client has got so far. */
sealed interface DownstreamState {
    /** The status of the final response that the client got; 0 while it got none. */
    int status();

    /**
     * No final head.
     *
     * @param interimForwarded whether the client got a 1xx: Envoy's response code details count that as a start
     */
    record Waiting(boolean interimForwarded) implements DownstreamState {
        @Override
        public int status() {
            return 0;
        }
    }

    /** The head of the upstream's final response. */
    record Forwarded(int status) implements DownstreamState {}

    /**
     * Envoy's local reply to a failed WebSocket handshake: the upstream's head without its body. Envoy then closes the
     * connection.
     */
    record LocalReply(int status) implements DownstreamState {}
}
