// SPDX-License-Identifier: Apache-2.0
package upstreamreset.server;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** The reasons why the app itself ends a connection, with a one-sentence response if the client may still read. */
enum Refusal {
    HEAD_TOO_LARGE(
            "431 Request Header Fields Too Large",
            "The request's head is longer than " + Limits.MAX_HEAD_BYTES + " bytes."),
    TOO_MANY_FIELDS(
            "431 Request Header Fields Too Large",
            "The request has more than " + Limits.MAX_FIELD_LINES + " field lines."),
    TARGET_TOO_LONG("414 URI Too Long", "The request line is longer than " + Limits.MAX_REQUEST_LINE_BYTES + " bytes."),
    TOO_MANY_PARAMETERS(
            "414 URI Too Long", "The request's target has more than " + Limits.MAX_PARAMETERS + " parameters."),
    HEAD_TOO_SLOW("408 Request Timeout", "The request's head did not come to its end in time."),
    OTHER_VERSION(
            "505 HTTP Version Not Supported",
            "This server speaks HTTP/1.1 and HTTP/1.0, and HTTP/2 by prior knowledge."),
    NO_MEMORY("503 Service Unavailable", "Too many large requests at once; ask again later."),
    /** Trailer fields or a chunk extension; the answer to that request may have begun. */
    CHUNKS_TOO_LARGE("", ""),
    /** Before the answer in HTTP/2, where no answer of HTTP/1.1 could be read. */
    TOO_MANY_FRAMES("", ""),
    /** A request on a connection that was taken for probes alone. */
    PROBES_ONLY("503 Service Unavailable", "Too many connections at once; ask again later."),
    TOO_MANY_CONNECTIONS("", ""),
    /** For another connection: it had waited longest for a request. */
    MADE_ROOM("", ""),
    IDLE("", ""),
    NO_PROGRESS("", ""),
    FAILURE("", "");

    private final String status;
    private final String sentence;
    private final String answer;

    Refusal(String status, String sentence) {
        this.status = status;
        this.sentence = sentence;
        answer = status.isEmpty()
                ? ""
                : "HTTP/1.1 " + status + "\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: "
                        + (sentence.length() + 1) + "\r\nConnection: close\r\n\r\n" + sentence + "\n";
    }

    /** The sentence for the client; empty if it gets none. */
    String sentence() {
        return sentence;
    }

    /** The whole answer; empty if there is none. */
    ByteBuffer answer() {
        return ByteBuffer.wrap(answer.getBytes(StandardCharsets.US_ASCII));
    }

    /** The answer's status code; 0 if there is none. */
    int status() {
        return status.isEmpty() ? 0 : Integer.parseInt(status.substring(0, 3));
    }

    /** Its name among the metrics' labels. */
    String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
