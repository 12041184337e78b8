// SPDX-License-Identifier: Apache-2.0
package upstreamreset.inspect;

import java.util.function.BiConsumer;
import upstreamreset.capture.CaptureSummary;
import upstreamreset.output.Json;
import upstreamreset.output.Thousands;
import upstreamreset.tcp.StreamAssembler;

/** What a whole capture came to, as a sentence and as JSON: what was read, and what could not be judged. */
public record InspectionTotals(CaptureSummary summary, StreamAssembler assembler, Inspection inspection) {
    private enum Left {
        GIVEN_UP(
                "givenUp",
                "connection was",
                "connections were",
                " given up to stay within memory: judged as far as seen, and later stream numbers may differ from"
                        + " Wireshark's"),
        UNANSWERED("unanswered", "request", "requests", " without an answer when the capture ended"),
        TLS("tls", "connection is", "connections are", " TLS (capture on lo, between sidecar and app)"),
        HTTP2("http2", "connection is", "connections are", " HTTP/2, which is not judged"),
        OTHER("other", "connection carries", "connections carry", " no HTTP"),
        NO_TCP("packetsWithoutTcp", "packet", "packets", " without TCP");

        private final String key;
        private final String one;
        private final String many;
        private final String what;

        Left(String key, String one, String many, String what) {
            this.key = key;
            this.one = one;
            this.many = many;
            this.what = what;
        }
    }

    public String text() {
        var text = new StringBuilder(counted(summary.packets(), "packet", "packets") + ", "
                + counted(assembler.connections(), "connection", "connections") + ", "
                + counted(inspection.responses(), "response", "responses") + ", "
                + Thousands.of(inspection.remarkable()) + " with findings");
        leftOut((left, count) ->
                text.append("; ").append(counted(count, left.one, left.many)).append(left.what));
        summary.unknownLink()
                .ifPresent(link -> text.append("; link type ").append(link).append(" is not understood"));
        return text.toString();
    }

    private static String counted(long count, String one, String many) {
        return Thousands.of(count) + " " + (count == 1 ? one : many);
    }

    /** The same as the properties of an object. */
    void write(Json json) {
        json.field("packets", summary.packets());
        json.field("connections", assembler.connections());
        json.field("responses", inspection.responses());
        json.field("remarkable", inspection.remarkable());
        leftOut((left, count) -> json.field(left.key, count));
        summary.unknownLink().ifPresent(link -> json.field("unknownLinkType", link));
        summary.stopped().ifPresent(why -> json.field("stopped", why));
    }

    /** What there is nothing of is not mentioned. */
    private void leftOut(BiConsumer<Left, Long> sink) {
        for (var left : Left.values()) {
            long count = switch (left) {
                case GIVEN_UP -> assembler.givenUp();
                case UNANSWERED -> inspection.unanswered();
                case TLS -> inspection.tls();
                case HTTP2 -> inspection.http2();
                case OTHER -> inspection.other();
                case NO_TCP -> summary.packets() - summary.segments();
            };
            if (count > 0) {
                sink.accept(left, count);
            }
        }
    }
}
