// SPDX-License-Identifier: Apache-2.0
package upstreamreset.http1;

import java.util.List;

/** Valid and invalid responses, among them those on which the model and Envoy once disagreed. */
public final class Fixtures {
    private Fixtures() {}

    public static final List<String> ALL = List.of(
            "",
            "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5;a=b\r\nhello\r\n0\r\nX-T: 1\r\nX-U: 2\r\n\r\n",
            "HTTP/1.0 200 OK\r\n\r\nuntil the end",
            "HTTP/1.1 204 No Content\r\n\r\n",
            "HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\nETag: \"x\"\r\n\r\n",
            "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n\0\1\2",
            "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n\0\1\2",
            "HTTP/1.1 200 OK\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nContent-Length: 5\r\n\r\nhello",
            "HTTP/1.1 150 Odd\r\n\r\nHTTP/1.1 101 Switching Protocols\r\nTransfer-Encoding: chunked\r\n\r\nhello",
            "HTTP/1.1 100 Continue\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi",
            "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: Chunked\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n\r\n",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n1\r\nx\r\n0\r\n\r\n",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding:\r\n\r\n1\r\nx\r\n0\r\n\r\n",
            "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello",
            "HTTP/1.1 200 OK\r\nContent-Length: 5, 5\r\n\r\nhello",
            "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\nhello",
            "HTTP/1.1 200 OK\r\nX : a\r\nX Y: b\r\nno colon\r\n: empty\r\nX: a\0b\r\nX: a\rb\r\nX: a\r\n b\r\nContent-Length: 0\r\n\r\n",
            "HTTP/1.1 200 OK\r\n led: b\r\nContent-Length: 0\r\n\r\n",
            "HTTP/1.1 200 OK\nContent-Length: 5\n\nhello",
            "\r\n HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",
            "HTTP/2 200 OK\r\nX: y\r\n\r\n",
            "http/1.1 200 OK\r\n\r\n",
            "HTTP/1.1 abc\r\n\r\n",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffffff\r\n",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhelloworld\r\n0\r\n\r\n",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5 \r\nhello\n0\n\n",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nbad trailer\r\n\r\n",
            "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi and more",
            "HTTP/1.1 204 No Content\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\nhello",
            "\25\3\1\0\2\2\50",
            "\0\0\22\4\0\0\0\0\0\0\3",
            "SSH-2.0-OpenSSH_9.2\r\n",
            "{\"status\": 200}",
            // Shrunk disagreements: errors that the parser finds after a wrong version; a 1xx and the message after it.
            "HT 1\r\nX\1: y\r\n\r\n",
            "HTTP/1.1 104 Upload Resumption Supported\r\n\r\nHTTP/1.1 200 OK\r\nX@: b\r\n\r\n",
            "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello",
            "HTTP/2 200 OK\r\nX: " + "a".repeat(17_000) + "\r\nno colon\r\n\r\n",
            "HTTP/1.1 200 OK\r\n" + "Vary: v\r\n".repeat(105) + "\r\n",
            "HTTP/1.1 200 OK\r\n" + "Set-Cookie: c=1\r\n".repeat(105) + "\r\n",
            // The status wraps to 100; a chunk size line that ends in a bare LF, without data and with it.
            "HTTP/1.1 65636\n\n\n",
            "HTTP/1.1 200\nTransfer-Encoding:chunked\n\n0\n",
            "HTTP/1.1 200\nTransfer-Encoding:chunked\n\n0\r",
            "HTTP/1.1 200\nTransfer-Encoding:chunked\n\n0\r\r\n\r\n",
            "HTTP/1.1 200\nTransfer-Encoding:chunked\n\n5 \rx",
            "HTTP/1.1 200\nTransfer-Encoding:chunked\n\n5\rx",
            "HTTP/1.1 200\nTransfer-Encoding:chunked\n\n5\n",
            "HTTP/1.1 200\nTransfer-Encoding:chunked\n\n8000000000000000\n",
            "HTTP/1.1 200\nTransfer-Encoding:chunked\n\n5;a\rb\r\nh",
            // Refused by a 304 or in trailers, in response to a request for a WebSocket.
            "HTTP/1.1 304 M\r\nContent-Length:\r\r\n\r\nb",
            "HTTP/1.1 304\nConnection:Upgrade\nUpgrade:\nContent-Length:0\r\nLn:\n\r\n{",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nb\r\n0\r\nX\u00e4: 1\r\n\r\n");

    /** Its verdict depends on the segments: a line of one byte ends the head if the segment before it ended in CR. */
    public static final List<String> CUT =
            List.of("HTTP/1.1 200 OK\r\nC\nContent-Length: 5\n\r\nhello", "HTTP/1.1 304 OK\r\nC\nX-A: 5\n\r\n");
}
