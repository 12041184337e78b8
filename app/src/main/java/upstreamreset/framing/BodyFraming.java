// SPDX-License-Identifier: Apache-2.0
package upstreamreset.framing;

/** How the end of a message's body is known (RFC 9112 §6.3). */
public sealed interface BodyFraming {
    /** Until the last chunk and the trailer section. */
    record Chunked() implements BodyFraming {}

    /** So many bytes. */
    record ContentLength(long length) implements BodyFraming {
        public ContentLength {
            if (length < 0) {
                throw new IllegalArgumentException("a length of " + length);
            }
        }
    }

    /** Until the connection ends. */
    record CloseDelimited() implements BodyFraming {}

    /** No body, whatever the fields say: HEAD, 1xx, 204, 304; a request without either field. */
    record None() implements BodyFraming {}

    /** No longer HTTP: 101, or 2xx to CONNECT. */
    record Tunnel() implements BodyFraming {}

    /** Nobody can know: the head did not end, or contradicts itself. */
    record Unknown() implements BodyFraming {}

    /** The word for it in text and JSON. */
    default String text() {
        return switch (this) {
            case Chunked() -> "chunked";
            case ContentLength(long length) -> "content-length " + length;
            case CloseDelimited() -> "close-delimited";
            case None() -> "none";
            case Tunnel() -> "tunnel";
            case Unknown() -> "unknown";
        };
    }
}
