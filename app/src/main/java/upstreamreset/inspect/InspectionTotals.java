// SPDX-License-Identifier: Apache-2.0
package upstreamreset.inspect;

import java.util.function.BiConsumer;
import java.util.function.ObjLongConsumer;
import upstreamreset.capture.CaptureSummary;
import upstreamreset.output.Json;
import upstreamreset.output.Thousands;
import upstreamreset.tcp.StreamQuality;

/** The totals of a capture, as a sentence and as JSON: the parts that were read, and those that could not be judged. */
public record InspectionTotals(CaptureSummary summary, StreamQuality.Counts quality, Inspection.Totals totals) {
    private enum Left {
        GIVEN_UP(
                "givenUp",
                "connection was",
                "connections were",
                " dropped at the memory limit: judged on the part read, and later stream numbers may differ from"
                        + " Wireshark's"),
        UNANSWERED("unanswered", "request", "requests", " without an answer when the capture ended"),
        TLS("tls", "connection is", "connections are", " TLS (capture on lo, between sidecar and app)"),
        HTTP2_IN_PART(
                "http2InPart",
                "connection of HTTP/2 was",
                "connections of HTTP/2 were",
                " incomplete: frames, or the context of their field compression, are missing from the capture"),
        OTHER("other", "connection carries", "connections carry", " no HTTP"),
        CUT("cut", "segment is", "segments are", " truncated by the capture"),
        GAPS("gaps", "gap is", "gaps are", " in the capture"),
        LOST("bytesLost", "byte is", "bytes are", " missing from it"),
        ONE_SIDED("oneSided", "connection has", "connections have", " only the server's side"),
        MID_STREAM("begunInMidStream", "connection begins", "connections begin", " in mid-stream");

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

    /** Whether something that may have been HTTP is in the capture and was not read. */
    public boolean unread() {
        for (var kind : summary.others()) {
            if (kind.mayHideHttp()) {
                return true;
            }
        }
        return totals.inPart() > 0
                || totals.http2InPart() > 0
                || summary.stopped().isPresent();
    }

    public String text() {
        var text = new StringBuilder(Thousands.of(summary.packets(), "packet") + ", "
                + Thousands.of(summary.connections(), "connection") + ", "
                + Thousands.of(totals.responses(), "response") + ", "
                + Thousands.of(totals.remarkable()) + " with findings");
        leftOut((left, count) ->
                text.append("; ").append(counted(count, left.one, left.many)).append(left.what));
        others((name, count) -> text.append("; ")
                .append(counted(count, "connection is ", "connections are "))
                .append(name));
        for (var kind : summary.others()) {
            text.append("; ")
                    .append(Thousands.of(kind.packets(), "packet"))
                    .append(kind.mayHideHttp() ? ", which may hide HTTP: " : ": ")
                    .append(kind.words());
        }
        return text.toString();
    }

    private static String counted(long count, String one, String many) {
        return Thousands.of(count) + " " + (count == 1 ? one : many);
    }

    /** The same as the properties of an object. */
    void write(Json json) {
        json.field("packets", summary.packets());
        json.field("connections", summary.connections());
        json.field("responses", totals.responses());
        json.field("remarkable", totals.remarkable());
        leftOut((left, count) -> json.field(left.key, count));
        if (named()) {
            json.object("protocols", names -> others(names::field));
        }
        if (!summary.others().isEmpty()) {
            json.objects("packetsWithoutTcp", summary.others(), kind -> {
                json.field("id", kind.id());
                json.field("words", kind.words());
                json.field("packets", kind.packets());
                json.field("mayHideHttp", kind.mayHideHttp());
            });
        }
        summary.stopped().ifPresent(why -> json.field("stopped", why));
    }

    /** Whether there are protocols that have no sentence of their own. */
    private boolean named() {
        for (var name : totals.protocols().keySet()) {
            if (!name.equals(Inspection.TLS)) {
                return true;
            }
        }
        return false;
    }

    /** The protocols that have no sentence of their own. */
    private void others(ObjLongConsumer<String> sink) {
        totals.protocols().forEach((name, count) -> {
            if (!name.equals(Inspection.TLS)) {
                sink.accept(name, count);
            }
        });
    }

    /** Zero counts are not mentioned. */
    private void leftOut(BiConsumer<Left, Long> sink) {
        for (var left : Left.values()) {
            long count = switch (left) {
                case GIVEN_UP -> summary.givenUp();
                case UNANSWERED -> totals.unanswered();
                case TLS -> totals.of(Inspection.TLS);
                case HTTP2_IN_PART -> totals.http2InPart();
                case OTHER -> totals.other();
                case CUT -> summary.cut();
                case GAPS -> quality.gaps();
                case LOST -> quality.lost();
                case ONE_SIDED -> quality.oneSided();
                case MID_STREAM -> quality.begunInMidStream();
            };
            if (count > 0) {
                sink.accept(left, count);
            }
        }
    }
}
