// SPDX-License-Identifier: Apache-2.0
package upstreamreset.http2;

/** The error codes of RST_STREAM and GOAWAY (RFC 9113 §7). */
public enum ErrorCode {
    NO_ERROR,
    PROTOCOL_ERROR,
    INTERNAL_ERROR,
    FLOW_CONTROL_ERROR,
    SETTINGS_TIMEOUT,
    STREAM_CLOSED,
    FRAME_SIZE_ERROR,
    REFUSED_STREAM,
    CANCEL,
    COMPRESSION_ERROR,
    CONNECT_ERROR,
    ENHANCE_YOUR_CALM,
    INADEQUATE_SECURITY,
    HTTP_1_1_REQUIRED;

    private static final ErrorCode[] ALL = values();

    /** Its name; {@code 0x63} where the RFC has none for it. */
    public static String name(long code) {
        return code >= 0 && code < ALL.length ? ALL[(int) code].name() : "0x" + Long.toHexString(code);
    }

    /** Whether this is its number. */
    public boolean is(long code) {
        return code >= 0 && code < ALL.length && ALL[(int) code] == this;
    }
}
