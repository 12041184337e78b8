// SPDX-License-Identifier: Apache-2.0
package upstreamreset.http1;

import java.util.Locale;

/**
 * How a recipient finds the end of a message's body (RFC 9112 §6.3).
 *
 * @param length the body's length in bytes if Content-Length gives it; otherwise 0
 */
public record BodyFraming(Kind kind, long length) {
    static final BodyFraming CHUNKED = new BodyFraming(Kind.CHUNKED, 0);
    static final BodyFraming CLOSE_DELIMITED = new BodyFraming(Kind.CLOSE_DELIMITED, 0);
    static final BodyFraming NONE = new BodyFraming(Kind.NONE, 0);
    static final BodyFraming TUNNEL = new BodyFraming(Kind.TUNNEL, 0);
    static final BodyFraming UNKNOWN = new BodyFraming(Kind.UNKNOWN, 0);

    /** The marker of the body's end. */
    public enum Kind {
        /** The last chunk and the trailer section. */
        CHUNKED,
        /** The number of bytes. */
        CONTENT_LENGTH,
        /** The end of the connection. */
        CLOSE_DELIMITED,
        /** There is no body, whatever the fields say: HEAD, 1xx, 204, 304; a request without either field. */
        NONE,
        /** The connection is no longer HTTP: 101, or 2xx to CONNECT. */
        TUNNEL,
        /** END_STREAM: the body is an HTTP/2 stream's DATA frames. */
        HTTP2,
        /** The end cannot be found: the head is incomplete, or contradicts itself. */
        UNKNOWN
    }

    /** That of every response in HTTP/2, whatever its fields say. */
    public static final BodyFraming HTTP2 = new BodyFraming(Kind.HTTP2, 0);

    static BodyFraming contentLength(long length) {
        return new BodyFraming(Kind.CONTENT_LENGTH, length);
    }

    /** The word for it in text and JSON: {@code close-delimited}, {@code content-length 87}. */
    public String text() {
        var word = kind.name().toLowerCase(Locale.ROOT).replace('_', '-');
        return kind == Kind.CONTENT_LENGTH ? word + " " + length : word;
    }
}
