// SPDX-License-Identifier: Apache-2.0
package upstreamreset.http1;

import java.util.ArrayList;
import java.util.List;
import upstreamreset.codec.EnvoyCodec;

/**
 * Called by jazzer with bytes that it generates: throws if a reader throws, exceeds its bounds, shows unprintable text, or
 * depends on the segments. The first two bytes choose the request, the segments, and the end of the connection.
 */
public final class FuzzTarget {
    private static final int KEEP = 100;
    private static final int MAX_VIOLATIONS = 100;
    private static final List<RequestContext> REQUESTS = List.of(
            RequestContext.of("GET"),
            RequestContext.of("HEAD"),
            RequestContext.of("CONNECT"),
            new RequestContext("GET", true));

    private static final List<CloseReason> CLOSE_REASONS = List.of(CloseReason.values());

    private FuzzTarget() {}

    public static void fuzzerTestOneInput(byte[] data) {
        if (data.length < 2) {
            return;
        }
        var request = REQUESTS.get(data[0] & 3);
        var closedBy = CLOSE_REASONS.get(data[0] >> 2 & 3);
        int step = 1 + (data[1] & 15);
        var bytes = new byte[data.length - 2];
        System.arraycopy(data, 2, bytes, 0, bytes.length);
        responses(request, bytes, closedBy, step);
        requests(bytes, step);
    }

    private static void responses(RequestContext request, byte[] bytes, CloseReason closedBy, int step) {
        var whole = read(new ResponseReader(request, KEEP), bytes, closedBy, Math.max(1, bytes.length));
        check(
                whole.equals(read(new ResponseReader(request, KEEP), bytes, closedBy, step)),
                "another report in segments of " + step);
        check(whole.violations().size() <= MAX_VIOLATIONS, "too many violations");
        check(whole.body().length() <= KEEP, "too much is kept");
        for (var violation : whole.violations()) {
            check(harmless(violation.excerpt()), "an excerpt cannot be printed");
        }
        var codec = new EnvoyCodec("1.40.0", request);
        for (int at = 0; at < bytes.length; at += step) {
            codec.dispatch(bytes, at, Math.min(step, bytes.length - at));
        }
        check(harmless(codec.verdict(closedBy).message()), "a message cannot be printed");
    }

    static FramingReport read(ResponseReader reader, byte[] bytes, CloseReason closedBy, int step) {
        for (int at = 0; at < bytes.length; at += step) {
            feed(reader, bytes, at, Math.min(step, bytes.length - at));
        }
        return reader.finish(closedBy);
    }

    static void feed(ResponseReader reader, byte[] bytes, int offset, int length) {
        int used = reader.feed(bytes, offset, length);
        reader.surplus(bytes, offset + used, length - used);
    }

    private static void requests(byte[] bytes, int step) {
        var reader = new RequestReader();
        var targets = new ArrayList<String>();
        for (int from = 0; from < bytes.length; from += step) {
            int to = Math.min(bytes.length, from + step);
            for (int at = from; at < to; ) {
                int used = reader.feed(bytes, at, to);
                check(used > 0, "no progress");
                at += used;
                reader.head().ifPresent(head -> targets.add(head.context().method() + head.target()));
            }
        }
        check(targets.size() <= bytes.length, "more requests than bytes");
        check(reader.inBody() || reader.held() <= RequestReader.MAX_HEAD, "too much is kept");
    }

    private static boolean harmless(String text) {
        return text.chars().allMatch(c -> (c >= ' ' && c < 0x7F) || c == '…');
    }

    private static void check(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalStateException(otherwise);
        }
    }
}
