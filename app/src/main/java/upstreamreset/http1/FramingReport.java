// SPDX-License-Identifier: Apache-2.0
package upstreamreset.http1;

import java.util.List;
import java.util.Locale;
import upstreamreset.wire.Bytes;

/**
 * One response from the wire, with the rules that it violates.
 *
 * @param offset the position of its status line in the stream
 * @param version {@code HTTP/1.1}, as sent; empty if there was no status line
 * @param status 0 if it is missing or unreadable
 * @param fields the header section, in order
 * @param headLength bytes of the head with its empty line; if it is truncated, bytes of its complete lines
 * @param body without chunk framing; at most the number of bytes that the reader keeps
 * @param bodyLength bytes of the whole body, kept or not
 * @param chunks the number of chunks that began, without the last chunk (of size 0)
 * @param end the offset after its last byte, or after the last byte received
 * @param closedBy how the connection ended after it
 * @param interim the 1xx responses before it
 */
public record FramingReport(
        long offset,
        String version,
        int status,
        String reason,
        List<FieldLine> fields,
        int headLength,
        BodyFraming framing,
        Bytes body,
        long bodyLength,
        int chunks,
        List<FieldLine> trailers,
        long end,
        Completeness completeness,
        CloseReason closedBy,
        List<FramingReport> interim,
        List<Violation> violations) {
    private static final List<String> EVENT_STREAMS = List.of(
            "text/event-stream",
            "application/x-ndjson",
            "application/ndjson",
            "application/jsonl",
            "application/json-seq",
            "application/stream+json",
            "multipart/x-mixed-replace");

    public FramingReport {
        fields = List.copyOf(fields);
        trailers = List.copyOf(trailers);
        interim = List.copyOf(interim);
        violations = List.copyOf(violations);
    }

    /** The field lines of this name, in order. */
    public List<FieldLine> fields(String name) {
        return fields.stream().filter(line -> line.is(name)).toList();
    }

    /** Whether its type is a stream's, of server-sent events or of JSON lines, say, which come when there are any. */
    public boolean isEventStream() {
        return isEventStream(fields);
    }

    /** The same of its field lines. */
    static boolean isEventStream(List<FieldLine> fields) {
        for (var line : fields) {
            if (!line.is("Content-Type")) {
                continue;
            }
            var type = line.value().toLowerCase(Locale.ROOT);
            int end = type.indexOf(';');
            if (EVENT_STREAMS.contains((end < 0 ? type : type.substring(0, end)).strip())) {
                return true;
            }
        }
        return false;
    }

    /** The same with other violations, and another reason of its end. */
    public FramingReport with(CloseReason end, List<Violation> others) {
        return new FramingReport(
                offset,
                version,
                status,
                reason,
                fields,
                headLength,
                framing,
                body,
                bodyLength,
                chunks,
                trailers,
                this.end,
                completeness,
                end,
                interim,
                others);
    }

    /** The same where the sender did not end the connection: that not one byte has come is silence then. */
    public FramingReport withoutEnd() {
        return with(
                closedBy,
                violations.stream()
                        .map(each -> each.rule() == Rule.NO_RESPONSE
                                ? new Violation(Rule.SILENCE, each.offset(), each.length(), each.excerpt())
                                : each)
                        .toList());
    }

    public boolean complete() {
        return completeness == Completeness.COMPLETE;
    }
}
