// SPDX-License-Identifier: Apache-2.0
package upstreamreset.kubernetes;

import io.fabric8.kubernetes.client.http.AsyncBody;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Consumer;

/**
 * Passes on a response's bytes as they arrive, until the reader has ended; of a failure response it keeps the first bytes. A body that
 * is given up may still have a piece on its way.
 */
final class StreamedBody implements AsyncBody.Consumer<List<ByteBuffer>> {
    private static final int MAX_PROBLEM = 64 << 10;

    private final Consumer<byte[]> sink;
    private final ByteArrayOutputStream problem = new ByteArrayOutputStream();
    private boolean successful;
    private boolean ended;

    StreamedBody(Consumer<byte[]> sink) {
        this.sink = sink;
    }

    /** To be called before the first byte is asked for. */
    synchronized void begin(boolean success) {
        successful = success;
    }

    /** Nothing is passed on behind this, and what was is there for the thread that calls. */
    synchronized void end() {
        ended = true;
    }

    @Override
    public void consume(List<ByteBuffer> buffers, AsyncBody body) {
        if (take(buffers)) {
            body.consume();
        }
    }

    private synchronized boolean take(List<ByteBuffer> buffers) {
        if (ended) {
            return false;
        }
        for (var buffer : buffers) {
            var piece = new byte[buffer.remaining()];
            buffer.get(piece);
            if (successful) {
                sink.accept(piece);
            } else {
                problem.write(piece, 0, Math.min(piece.length, MAX_PROBLEM - problem.size()));
            }
        }
        return true;
    }

    synchronized String problem() {
        return problem.toString(StandardCharsets.UTF_8);
    }
}
