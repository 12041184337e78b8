// SPDX-License-Identifier: Apache-2.0
package upstreamreset.codec;

/** Where Envoy's codec stands in the bytes that come from the upstream. */
sealed interface UpstreamState {
    /** No byte of the next message has come; a 1xx may have come before it. */
    record BetweenMessages() implements UpstreamState {}

    record InHead() implements UpstreamState {}

    /**
     * The head is read, the message is not complete.
     *
     * @param interim whether it is a 1xx, which another message follows
     * @param untilClose whether the end of the connection completes it
     */
    record InBody(boolean interim, boolean untilClose) implements UpstreamState {}

    /** The connection carries another protocol: the codec reads no more. */
    record Tunnel() implements UpstreamState {}

    /** The final response is complete: more bytes are an error. */
    record Complete() implements UpstreamState {}
}
