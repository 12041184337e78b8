// SPDX-License-Identifier: Apache-2.0
package upstreamreset.lab;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import upstreamreset.http1.CloseReason;
import upstreamreset.http1.FramingReport;
import upstreamreset.http1.ResponseReader;
import upstreamreset.inspect.InspectedResponse;
import upstreamreset.inspect.Inspection;
import upstreamreset.tcp.Direction;
import upstreamreset.tcp.StreamEvent;
import upstreamreset.tcp.StreamEvent.Data;
import upstreamreset.tcp.StreamEvent.Fin;
import upstreamreset.tcp.StreamEvent.Gap;
import upstreamreset.tcp.StreamEvent.Opened;
import upstreamreset.tcp.StreamEvent.Reset;
import upstreamreset.wire.Bytes;

/**
 * What the app sent for one request of a client: the last response that {@link Inspection} finds on the tap; in HTTP/2, and
 * where it finds none, all that came on the last connection.
 *
 * @param response {@code sent}, read by RFC 9112, or its response in HTTP/2
 * @param responseAt where the response begins in {@code sent}
 * @param closedBy who ended that connection first, and how: {@code client FIN}, {@code server RST}, {@code nobody}
 * @param calls how many requests reached the app; without a count of the app, those in HTTP/1
 * @param inspected the response as the inspection has it
 */
record UpstreamWire(
        Bytes sent,
        FramingReport response,
        long responseAt,
        String closedBy,
        int calls,
        Optional<InspectedResponse> inspected) {
    /** The app was not asked. */
    static final UpstreamWire NONE = of("GET", List.of(), 0, "");

    /** Reads the events from {@code mark} on; earlier ones belong to earlier requests. */
    static UpstreamWire of(String method, List<StreamEvent> events, int mark, String envoyVersion) {
        var asked = events.subList(mark, events.size()).stream()
                .filter(event -> event instanceof Opened
                        || (event instanceof Data data && data.direction() == Direction.TO_SERVER))
                .map(StreamEvent::stream)
                .distinct()
                .toList();
        var before = events.subList(0, mark);
        var connections =
                events.stream().filter(event -> asked.contains(event.stream())).toList();
        var found = Inspection.of(connections, envoyVersion).stream()
                .filter(each -> each.offset() >= sent(each.stream(), before).length())
                .sorted(Comparator.comparing(each -> each.judged().time().orElseThrow()))
                .toList();
        var last = found.stream().reduce((_, next) -> next);
        int stream = last.map(InspectedResponse::stream).orElse(asked.isEmpty() ? -1 : asked.getLast());
        long start = sent(stream, before).length();
        var http2 = last.filter(InspectedResponse::inHttp2);
        long offset =
                http2.isPresent() ? start : last.map(InspectedResponse::offset).orElse(start);
        var all = sent(stream, events).toArray();
        var sent = Bytes.of(all, Math.toIntExact(offset), all.length - Math.toIntExact(offset));
        var end = on(stream, events).flatMap(UpstreamWire::end).findFirst();
        return new UpstreamWire(
                sent,
                http2.map(InspectedResponse::wire)
                        .orElseGet(() -> ResponseReader.read(
                                method, sent.toArray(), end.map(End::reason).orElse(CloseReason.OPEN))),
                http2.map(InspectedResponse::offset).orElse(offset) - offset,
                end.map(End::words).orElse("nobody"),
                found.size(),
                last);
    }

    private static Stream<StreamEvent> on(int stream, List<StreamEvent> events) {
        return events.stream().filter(event -> event.stream() == stream);
    }

    /** All that the app sent on a connection. */
    private static Bytes sent(int stream, List<StreamEvent> events) {
        return Bytes.concat(on(stream, events)
                .flatMap(event -> event instanceof Data data && data.direction() == Direction.TO_CLIENT
                        ? Stream.of(data.bytes())
                        : Stream.of())
                .toList());
    }

    private record End(Direction direction, CloseReason how) {
        CloseReason reason() {
            return direction == Direction.TO_CLIENT ? how : CloseReason.LEFT;
        }

        String words() {
            return direction.sender() + " " + how.text();
        }
    }

    private static Stream<End> end(StreamEvent event) {
        return switch (event) {
            case Fin fin -> Stream.of(new End(fin.direction(), CloseReason.FIN));
            case Reset reset -> Stream.of(new End(reset.direction(), CloseReason.RST));
            case Opened _, Data _, Gap _ -> Stream.of();
        };
    }

    /** The same with the count of the app itself. */
    UpstreamWire withCalls(int counted) {
        return new UpstreamWire(sent, response, responseAt, closedBy, counted, inspected);
    }

    boolean inHttp2() {
        return inspected.isPresent() && inspected.get().inHttp2();
    }

    /** Whether a valid response has come, or the connection has ended. */
    boolean settled() {
        return response.closedBy() != CloseReason.OPEN
                || (response.complete() && response.violations().isEmpty());
    }
}
