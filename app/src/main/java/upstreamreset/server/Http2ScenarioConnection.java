// SPDX-License-Identifier: Apache-2.0
package upstreamreset.server;

import io.undertow.protocols.http2.HpackDecoder;
import io.undertow.protocols.http2.HpackException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.xnio.IoUtils;
import org.xnio.StreamConnection;
import upstreamreset.origin.Http2Frames;
import upstreamreset.scenario.Catalogue;
import upstreamreset.scenario.Scenario;
import upstreamreset.scenario.WireScript;
import upstreamreset.scenario.WireStep;
import upstreamreset.site.RecentAnswers;
import upstreamreset.wire.Bytes;

/**
 * Reads the first request of an HTTP/2 connection up to its path and its end, then plays the scenario of that path on
 * the connection, and ends it. Belongs to the connection's IO thread.
 */
final class Http2ScenarioConnection {
    private static final int END_HEADERS = 0x4;
    private static final int PADDED = 0x8;
    private static final int PRIORITY = 0x20;
    private static final int PRIORITY_LENGTH = 5;

    /** A client that reads frames and the connection's end at once may tell of the end alone: curl 7.88 does, of a RST_STREAM. */
    private static final Duration BEFORE_THE_END = Duration.ofMillis(50);

    /** SETTINGS, the acknowledgement of the client's, and on stream 1 a HEADERS with {@code :status: 404} that ends it. */
    private static final Bytes NOT_FOUND = Bytes.latin1("\0\0\0\4\0\0\0\0\0\0\0\0\4\1\0\0\0\0\0\0\1\1\5\0\0\0\1\u008d");

    private static final String TOO_LONG_SENTENCE = Refusal.TARGET_TOO_LONG.sentence() + "\n";

    /** The same with {@code :status: 414} and a sentence. */
    private static final Bytes TOO_LONG = Bytes.latin1("\0\0\0\4\0\0\0\0\0\0\0\0\4\1\0\0\0\0"
            + "\0\0\5\1\4\0\0\0\1\b\003414"
            + "\0\0" + (char) TOO_LONG_SENTENCE.length() + "\0\1\0\0\0\1" + TOO_LONG_SENTENCE);

    private final StreamConnection connection;
    private final ConnectionGuard guard;
    private final Catalogue catalogue;
    private final RecentAnswers answers;
    private final Http2Frames frames = new Http2Frames();
    private String path = "";
    private int frameCount;
    private boolean ended;

    private Http2ScenarioConnection(
            StreamConnection connection, ConnectionGuard guard, Catalogue catalogue, RecentAnswers answers) {
        this.connection = connection;
        this.guard = guard;
        this.catalogue = catalogue;
        this.answers = answers;
    }

    /** Reads on behind {@code first}, what has come so far. */
    static void take(
            StreamConnection connection,
            ConnectionGuard guard,
            byte[] first,
            Catalogue catalogue,
            RecentAnswers answers) {
        var taken = new Http2ScenarioConnection(connection, guard, catalogue, answers);
        taken.frames.feed(first, 0, first.length);
        connection.getSourceChannel().setReadListener(_ -> guard.run(taken::read));
        connection.getSourceChannel().resumeReads();
        taken.read();
    }

    private void read() {
        try {
            var buffer = Scratch.buffer();
            int count;
            while ((count = connection.getSourceChannel().read(buffer.clear())) > 0) {
                frames.feed(buffer.array(), buffer.arrayOffset(), count);
                frames();
            }
            frames();
            var script = path.isEmpty() ? null : script();
            if (frameCount > Limits.MAX_HTTP2_REQUEST_FRAMES) {
                guard.close(Refusal.TOO_MANY_FRAMES);
            } else if (script != null && (ended || script.steps().getFirst() instanceof WireStep.ReadHead)) {
                if (tooLong()) {
                    guard.refusedWithAnswer(Refusal.TARGET_TOO_LONG);
                }
                WireConnection.play(connection, guard, script, new Answered(answers, answered()));
            } else if (count < 0) {
                IoUtils.safeClose(connection);
            }
        } catch (IOException e) {
            guard.close(Refusal.FAILURE);
        }
    }

    private void frames() throws IOException {
        for (var next = frames.next(); next.isPresent(); next = frames.next()) {
            var frame = next.get();
            if (frame.headers() && path.isEmpty()) {
                headers(frame);
            }
            ended |= frame.endsStream();
            if (++frameCount > Limits.MAX_HTTP2_REQUEST_FRAMES) {
                return;
            }
        }
    }

    private void headers(Http2Frames.Frame frame) throws IOException {
        if (!frame.has(END_HEADERS)) {
            throw new IOException("a head in several frames"); // no client needs that for a path
        }
        var payload = ByteBuffer.wrap(frame.payload().toArray());
        int before = (frame.has(PADDED) ? 1 : 0) + (frame.has(PRIORITY) ? PRIORITY_LENGTH : 0);
        int padding = frame.has(PADDED) && payload.hasRemaining() ? payload.get(0) & 0xff : 0;
        if (before + padding > payload.limit()) {
            throw new IOException("a head shorter than its padding and priority"); // RFC 9113 §6.2
        }
        payload.position(before).limit(payload.limit() - padding);
        var decoder = new HpackDecoder();
        decoder.setHeaderEmitter((name, value, _) -> {
            if (name.toString().equals(":path")) {
                path = value;
            }
        });
        try {
            decoder.decode(payload, false);
        } catch (HpackException | RuntimeException e) {
            throw new IOException(e); // the decoder checks little: cut input is an IndexOutOfBounds or BufferUnderflow
        }
        if (path.isEmpty()) {
            throw new IOException("a head without a path"); // RFC 9113 §8.3.1
        }
    }

    private boolean tooLong() {
        return path.length() > Limits.MAX_REQUEST_LINE_BYTES;
    }

    private Optional<Scenario> scenario() {
        var name = path.startsWith(ScenarioHandler.PREFIX) ? path.substring(ScenarioHandler.PREFIX.length()) : "";
        return catalogue.find(name).filter(Scenario::liveInHttp2);
    }

    /** Never what the client wrote. */
    private String answered() {
        return scenario().map(Scenario::name).orElse(tooLong() ? "414 in HTTP/2" : "404 in HTTP/2");
    }

    /** The script to play: it ends the connection, because a script uses only stream 1. */
    private WireScript script() {
        var steps = scenario()
                .map(scenario -> ((WireScript) scenario.source()).steps())
                .orElse(List.of(new WireStep.ReadHead(), new WireStep.Send(tooLong() ? TOO_LONG : NOT_FOUND)));
        var all = new ArrayList<>(steps);
        if (!steps.getLast().last()) {
            all.add(new WireStep.Pause(BEFORE_THE_END));
            all.add(new WireStep.Close());
        }
        return new WireScript(WireScript.Protocol.HTTP_2, all);
    }
}
