// SPDX-License-Identifier: Apache-2.0
package upstreamreset.protocol;

import upstreamreset.http1.RequestLine;

/**
 * The protocol proven by the first bytes of both directions of a connection.
 *
 * @param name of a protocol other than HTTP; empty if unknown
 * @param client how many of the client's bytes are a preamble
 * @param server how many of the server's bytes are a preamble
 */
public record Recognition(Kind kind, String name, int client, int server) {
    /** The kinds of answers. */
    public enum Kind {
        /** More bytes are needed. */
        UNDECIDED,
        /** A preamble, behind which a conversation begins. */
        PREAMBLE,
        HTTP1,
        /** Only the server speaks HTTP/1: the request is unreadable, or belongs to a protocol other than HTTP/2. */
        UNREADABLE_REQUEST,
        /** The client began TLS, and the server answers in HTTP/1. */
        TLS_TO_HTTP1,
        /** The client began HTTP/2, and the server answers in HTTP/1. */
        HTTP2_TO_HTTP1,
        HTTP2,
        /** Another protocol. */
        OTHER,
        /** Not one byte in either direction. */
        NOTHING
    }

    private static final String ANSWER = "HTTP/1.";

    /** Nobody recognises more in more bytes than these. */
    private static final int MAX_UNKNOWN = 1 << 11;

    static final Recognition UNDECIDED = of(Kind.UNDECIDED);

    private static Recognition of(Kind kind) {
        return new Recognition(kind, "", 0, 0);
    }

    /** {@code over} says that no more bytes will come, or are kept. */
    public static Recognition of(FirstBytes client, FirstBytes server, boolean over) {
        var preamble = Preamble.of(client, server);
        if (preamble.state() == Preamble.State.WHOLE) {
            return new Recognition(Kind.PREAMBLE, "", preamble.client(), preamble.server());
        }
        if (server.begins(ANSWER)) {
            // After an upgrade to h2c the preface comes (RFC 7540 §3.2).
            boolean upgraded = http2(client) && server.has(8, " 101");
            return of(upgraded ? Kind.HTTP2 : answered(client));
        }
        if (!over && (preamble.state() == Preamble.State.BEGUN || server.begun(ANSWER))) {
            return UNDECIDED;
        }
        var line = RequestLine.of(client.bytes(), 0, client.length());
        if (line == RequestLine.HTTP1) {
            return server.begins("ICY ") ? new Recognition(Kind.OTHER, "Shoutcast", 0, 0) : of(Kind.HTTP1);
        }
        if (client.isEmpty() && server.isEmpty()) {
            return of(over ? Kind.NOTHING : Kind.UNDECIDED);
        }
        if (!over && (client.isEmpty() || server.isEmpty())) {
            return UNDECIDED;
        }
        if (http2(client)) {
            return of(BinaryProtocols.tls(server) ? Kind.UNREADABLE_REQUEST : Kind.HTTP2);
        }
        return another(client, server, line == RequestLine.BEGUN, over);
    }

    /** Whether a server's bytes begin as a response in HTTP/1 does. */
    public static boolean beginsAsResponse(byte[] bytes, int from, int to) {
        return to - from >= ANSWER.length() && mayBeginAsResponse(bytes, from, to);
    }

    /**
     * Where in a server's bytes the next response begins, behind empty lines; {@code to} if these bytes are none, and where so few
     * are left that one may begin there.
     */
    public static int nextResponse(byte[] bytes, int from, int to) {
        int at = from;
        while (at < to && (bytes[at] == '\r' || bytes[at] == '\n')) {
            at++;
        }
        boolean perhaps = to - at < ANSWER.length();
        return perhaps || beginsAsResponse(bytes, at, to) ? at : to;
    }

    /** The same where as few bytes as there are must do. */
    public static boolean mayBeginAsResponse(byte[] bytes, int from, int to) {
        for (int i = 0; i < Math.min(to - from, ANSWER.length()); i++) {
            if (bytes[from + i] != ANSWER.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    /** Whether these first lines are certain even in the middle of a connection: each has its version. */
    public static boolean certain(String name) {
        return name.equals("RTSP") || name.equals("SIP") || name.equals("ICAP");
    }

    private static boolean http2(FirstBytes client) {
        return RequestLine.beginsHttp2(client.bytes(), 0, client.length());
    }

    /** The server answers in HTTP/1. */
    private static Kind answered(FirstBytes client) {
        if (http2(client)) {
            return Kind.HTTP2_TO_HTTP1;
        }
        if (BinaryProtocols.clientHello(client)) {
            return Kind.TLS_TO_HTTP1;
        }
        return client.isEmpty() || RequestLine.of(client.bytes(), 0, client.length()) != RequestLine.NONE
                ? Kind.HTTP1
                : Kind.UNREADABLE_REQUEST;
    }

    private static Recognition another(FirstBytes client, FirstBytes server, boolean lineBegun, boolean over) {
        if (lineBegun && client.length() == FirstBytes.MAX_BYTES) {
            return of(Kind.HTTP1);
        }
        var name = ProtocolNames.of(client, server);
        boolean known = !name.isEmpty() || over || client.length() + server.length() > MAX_UNKNOWN;
        return known ? new Recognition(Kind.OTHER, name, 0, 0) : UNDECIDED;
    }
}
