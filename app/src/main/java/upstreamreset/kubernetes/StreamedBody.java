// SPDX-License-Identifier: Apache-2.0
package upstreamreset.kubernetes;

import io.fabric8.kubernetes.client.http.AsyncBody;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Consumer;

/** Passes on a response's bytes as they arrive; of a failure response it keeps the first bytes. */
final class StreamedBody implements AsyncBody.Consumer<List<ByteBuffer>> {
    private static final int MAX_PROBLEM = 64 << 10;

    private final Consumer<byte[]> sink;
    private final ByteArrayOutputStream problem = new ByteArrayOutputStream();
    private volatile boolean successful;

    StreamedBody(Consumer<byte[]> sink) {
        this.sink = sink;
    }

    /** To be called before the first byte is asked for. */
    void begin(boolean success) {
        successful = success;
    }

    @Override
    public void consume(List<ByteBuffer> buffers, AsyncBody body) {
        for (var buffer : buffers) {
            var piece = new byte[buffer.remaining()];
            buffer.get(piece);
            if (successful) {
                sink.accept(piece);
            } else {
                problem.write(piece, 0, Math.min(piece.length, MAX_PROBLEM - problem.size()));
            }
        }
        body.consume();
    }

    String problem() {
        return problem.toString(StandardCharsets.UTF_8);
    }
}
