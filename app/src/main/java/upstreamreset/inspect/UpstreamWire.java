// SPDX-License-Identifier: Apache-2.0
package upstreamreset.inspect;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import upstreamreset.http1.CloseReason;
import upstreamreset.http1.FramingReport;
import upstreamreset.http1.ResponseReader;
import upstreamreset.tcp.Direction;
import upstreamreset.tcp.StreamEvent;
import upstreamreset.wire.Bytes;

/**
 * What passed between Envoy and the app for one request: read off the tap's events since it was made.
 *
 * @param sent all that the app sent on the last connection that carried a request
 * @param response the same, read by the rules
 * @param closedBy who ended that connection first, and how: {@code client FIN}, {@code server RST}, {@code nobody}
 * @param calls how many requests reached the app
 */
public record UpstreamWire(Bytes sent, FramingReport response, String closedBy, int calls) {
    /** Nobody was asked. */
    public static final UpstreamWire NONE =
            new UpstreamWire(Bytes.EMPTY, ResponseReader.read("GET", new byte[0], CloseReason.OPEN), "nobody", 0);

    public static UpstreamWire of(String requestLine, List<StreamEvent> events) {
        int last = -1;
        int calls = 0;
        int begins = 0;
        for (int i = 0; i < events.size(); i++) {
            var event = events.get(i);
            if (event instanceof StreamEvent.Opened && calls == 0) {
                last = event.stream(); // what is said on it may be no HTTP/1 that we could recognize
            }
            if (event instanceof StreamEvent.Data data && data.direction() == Direction.TO_SERVER) {
                // Envoy writes a request's head at once, on a connection that carries nothing else meanwhile.
                var text = new String(data.bytes().toArray(), StandardCharsets.ISO_8859_1);
                if (text.startsWith(requestLine)) {
                    if (calls > 0 && last == data.stream()) {
                        begins = i; // what came before answered an earlier request on the same connection
                    }
                    calls++;
                    last = data.stream();
                }
            }
        }
        var sent = new ByteArrayOutputStream();
        var closedBy = "nobody";
        var end = CloseReason.OPEN;
        for (var event : events.subList(begins, events.size())) {
            if (event.stream() != last) {
                continue;
            }
            switch (event) {
                case StreamEvent.Opened _ -> {}
                case StreamEvent.Data data -> {
                    if (data.direction() == Direction.TO_CLIENT) {
                        sent.writeBytes(data.bytes().toArray());
                    }
                }
                case StreamEvent.Fin fin -> {
                    if (end == CloseReason.OPEN) {
                        closedBy = fin.direction().sender() + " FIN";
                        end = fin.direction() == Direction.TO_CLIENT ? CloseReason.FIN : CloseReason.LEFT;
                    }
                }
                case StreamEvent.Reset reset -> {
                    if (end == CloseReason.OPEN) {
                        closedBy = reset.direction().sender() + " RST";
                        end = reset.direction() == Direction.TO_CLIENT ? CloseReason.RST : CloseReason.LEFT;
                    }
                }
            }
        }
        var method = requestLine.substring(0, requestLine.indexOf(' '));
        var bytes = sent.toByteArray();
        return new UpstreamWire(Bytes.of(bytes), ResponseReader.read(method, bytes, end), closedBy, calls);
    }

    /** Whether nothing more is to be expected: a sound response has come, or somebody has ended the connection. */
    public boolean settled() {
        return response.closedBy() != CloseReason.OPEN
                || (response.complete() && response.violations().isEmpty());
    }
}
