// SPDX-License-Identifier: Apache-2.0
package upstreamreset.inspect;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import upstreamreset.http1.FieldLine;
import upstreamreset.http2.FieldDecoder.Fields;
import upstreamreset.http2.Frame;
import upstreamreset.http2.FrameChain;
import upstreamreset.http2.MessageReader;
import upstreamreset.http2.Settings;
import upstreamreset.tcp.Direction;
import upstreamreset.tcp.StreamEvent;
import upstreamreset.wire.Secrets;

/** Hides credentials in the HTTP/2 bytes of one side, where fields are compressed and not text. */
final class Http2Secrets {
    private static final byte HIDDEN = '*';

    private final List<FieldLine> hidden = new ArrayList<>();

    /** Finds them in the bytes of this direction. */
    Http2Secrets(List<StreamEvent> events, Direction direction) {
        MessageReader reader = null;
        for (var event : events) {
            if (event instanceof StreamEvent.Data data && data.direction() == direction) {
                var bytes = data.bytes().toArray();
                if (reader == null) {
                    boolean server = direction == Direction.TO_CLIENT;
                    reader = new MessageReader(
                            server, new Settings(), new Finder(), 0, !begins(bytes, server), _ -> false);
                }
                reader.feed(bytes, 0, bytes.length);
            } else if (reader != null && event instanceof StreamEvent.Gap gap && gap.direction() == direction) {
                reader.gap(gap.length());
            }
        }
    }

    /** Whether they are HTTP/2 from their first byte on, or the answer that switches to it. */
    private static boolean begins(byte[] bytes, boolean server) {
        return FrameChain.begins(bytes, 0, bytes.length) || (server && bytes.length > 0 && bytes[0] == 'H');
    }

    /** The bytes that were sent from {@code position} on, as they may be shown: a copy where one of them is hidden. */
    byte[] of(byte[] sent, long position) {
        byte[] fit = sent;
        boolean copied = false;
        for (var line : hidden) {
            int from = Math.clamp(line.offset() - position, 0, sent.length);
            int to = Math.clamp(line.offset() + line.length() - position, 0, sent.length);
            if (from < to) {
                fit = copied ? fit : sent.clone();
                copied = true;
                Arrays.fill(fit, from, to, HIDDEN);
            }
        }
        return fit;
    }

    private final class Finder implements MessageReader.Handler {
        @Override
        public void fields(Frame first, int bytes, Fields fields) {
            for (var line : fields.lines()) {
                if (Secrets.hides(line.name())) {
                    hidden.add(line);
                }
            }
        }

        @Override
        public void promised(Frame frame, int stream, Fields fields) {
            fields(frame, 0, fields);
        }
    }
}
