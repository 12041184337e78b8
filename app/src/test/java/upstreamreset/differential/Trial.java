// SPDX-License-Identifier: Apache-2.0
package upstreamreset.differential;

import java.util.ArrayList;
import java.util.List;
import upstreamreset.codec.EnvoyCodec;
import upstreamreset.http1.CloseReason;
import upstreamreset.http1.RequestContext;
import upstreamreset.verdict.Verdict;
import upstreamreset.wire.Bytes;
import upstreamreset.wire.Printable;

/**
 * One response for both the model and Envoy: the segments that the origin sends, and how it closes the connection. An empty
 * segment at the end is a FIN that is read alone.
 */
record Trial(RequestContext request, List<Bytes> segments, CloseReason closedBy) {
    Trial {
        segments = List.copyOf(segments);
    }

    Bytes bytes() {
        return Bytes.concat(segments);
    }

    /** The model's verdict if the segments arrive as they were sent. */
    Verdict model(String version) {
        var codec = new EnvoyCodec(version, request);
        for (var segment : segments) {
            if (segment.length() == 0) {
                codec.endOfStream();
            } else {
                codec.dispatch(segment.toArray(), 0, segment.length());
            }
        }
        return codec.verdict(closedBy);
    }

    /** The model's verdicts for every way in which TCP may join neighbouring segments and the FIN. */
    List<Verdict> models(String version) {
        var verdicts = new ArrayList<Verdict>();
        int gaps = Math.max(0, segments.size() - 1);
        for (int joined = 0; joined < 1 << gaps; joined++) {
            var merged = new ArrayList<Bytes>();
            for (int i = 0; i < segments.size(); i++) {
                boolean join = i > 0 && (joined >> (i - 1) & 1) == 1;
                merged.add(join ? Bytes.concat(List.of(merged.removeLast(), segments.get(i))) : segments.get(i));
            }
            verdicts.add(new Trial(request, merged, closedBy).model(version));
            if (closedBy == CloseReason.FIN) {
                merged.add(Bytes.EMPTY);
                verdicts.add(new Trial(request, merged, closedBy).model(version));
            }
        }
        return verdicts;
    }

    Trial with(byte[] whole) {
        return new Trial(request, List.of(Bytes.of(whole)), closedBy);
    }

    /** The whole trial on one line, printable. */
    String describe() {
        var text = new StringBuilder(
                request.method() + (request.upgrade() ? " with upgrade" : "") + ", then " + closedBy.text());
        for (var segment : segments) {
            text.append(" | ").append(Printable.of(segment.toArray(), 0, segment.length(), 4_000));
        }
        return text.toString();
    }
}
