// SPDX-License-Identifier: Apache-2.0
package upstreamreset.server;

import io.undertow.protocols.http2.HpackDecoder;
import io.undertow.protocols.http2.HpackException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.xnio.IoUtils;
import org.xnio.StreamConnection;
import upstreamreset.origin.Http2Frames;
import upstreamreset.scenario.Catalogue;
import upstreamreset.scenario.Scenario;
import upstreamreset.scenario.WireScript;
import upstreamreset.scenario.WireStep;
import upstreamreset.wire.Bytes;

/**
 * The first request of an HTTP/2 connection, read as far as to know its path and its end; then the scenario of that path plays
 * on the connection, which it ends. Belongs to the connection's IO thread.
 */
final class Http2ScenarioConnection {
    private static final int END_HEADERS = 0x4;
    private static final int PADDED = 0x8;
    private static final int PRIORITY = 0x20;

    /** A client that reads frames and the connection's end at once may tell of the end alone: curl 7.88 does, of a RST_STREAM. */
    private static final Duration BEFORE_THE_END = Duration.ofMillis(50);

    /** SETTINGS, the acknowledgement of the client's, and on stream 1 a HEADERS with {@code :status: 404} that ends it. */
    private static final Bytes NOT_FOUND = Bytes.latin1("\0\0\0\4\0\0\0\0\0\0\0\0\4\1\0\0\0\0\0\0\1\1\5\0\0\0\1\u008d");

    private final StreamConnection connection;
    private final Catalogue catalogue;
    private final Http2Frames frames = new Http2Frames();
    private final ByteBuffer buffer = ByteBuffer.allocate(8 * 1024);
    private int total;
    private String path = "";
    private boolean ended;

    private Http2ScenarioConnection(StreamConnection connection, Catalogue catalogue) {
        this.connection = connection;
        this.catalogue = catalogue;
    }

    /** Reads on behind {@code first}, what has come so far. */
    static void take(StreamConnection connection, byte[] first, Catalogue catalogue) {
        var taken = new Http2ScenarioConnection(connection, catalogue);
        taken.feed(first, first.length);
        connection.getSourceChannel().setReadListener(_ -> taken.read());
        connection.getSourceChannel().resumeReads();
        taken.read();
    }

    private void feed(byte[] bytes, int length) {
        frames.feed(bytes, 0, length);
        total += length;
    }

    private void read() {
        try {
            int count;
            while ((count = connection.getSourceChannel().read(buffer.clear())) > 0) {
                feed(buffer.array(), count);
            }
            frames();
            var script = path.isEmpty() ? null : script();
            if (script != null && (ended || script.steps().getFirst() instanceof WireStep.ReadHead)) {
                WireConnection.play(connection, script);
            } else if (count < 0 || total > RequestSizeLimit.MAX_READ_BYTES) {
                IoUtils.safeClose(connection);
            }
        } catch (IOException e) {
            IoUtils.safeClose(connection);
        }
    }

    private void frames() throws IOException {
        for (var next = frames.next(); next.isPresent(); next = frames.next()) {
            var frame = next.get();
            if (frame.headers() && path.isEmpty()) {
                headers(frame);
            }
            ended |= frame.endsStream();
        }
    }

    private void headers(Http2Frames.Frame frame) throws IOException {
        if (!frame.has(END_HEADERS)) {
            throw new IOException("a head in several frames"); // no client needs that for a path
        }
        var payload = ByteBuffer.wrap(frame.payload().toArray());
        int padding = frame.has(PADDED) ? payload.get() & 0xff : 0;
        payload.limit(payload.limit() - padding);
        payload.position(payload.position() + (frame.has(PRIORITY) ? 5 : 0));
        var decoder = new HpackDecoder();
        decoder.setHeaderEmitter((name, value, _) -> {
            if (name.toString().equals(":path")) {
                path = value;
            }
        });
        try {
            decoder.decode(payload, false);
        } catch (HpackException e) {
            throw new IOException(e);
        }
    }

    /** What to play: it ends the connection, since a script knows stream 1 alone. */
    private WireScript script() {
        var name = path.startsWith(ScenarioHandler.PREFIX) ? path.substring(ScenarioHandler.PREFIX.length()) : "";
        var steps = catalogue
                .find(name)
                .filter(Scenario::liveInHttp2)
                .map(scenario -> ((WireScript) scenario.source()).steps())
                .orElse(List.of(new WireStep.ReadHead(), new WireStep.Send(NOT_FOUND)));
        var all = new ArrayList<>(steps);
        if (!steps.getLast().last()) {
            all.add(new WireStep.Pause(BEFORE_THE_END));
            all.add(new WireStep.Close());
        }
        return new WireScript(WireScript.Protocol.HTTP_2, all);
    }
}
