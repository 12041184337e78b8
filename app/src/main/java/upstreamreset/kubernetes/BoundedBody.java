// SPDX-License-Identifier: Apache-2.0
package upstreamreset.kubernetes;

import io.fabric8.kubernetes.client.http.AsyncBody;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import upstreamreset.wire.Bytes;

/**
 * A response body with a bounded size and a deadline: the HTTP client's own timeout covers only the head, and its text
 * handlers read without a limit. An abandoned body is cancelled, so that its socket is closed.
 */
final class BoundedBody implements AsyncBody.Consumer<List<ByteBuffer>> {
    /** An object in etcd has at most 1.5 MiB; the API server takes requests of at most 3 MiB. */
    static final int MAX_BYTES = 3 << 20;

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private volatile boolean tooLong;

    @Override
    public void consume(List<ByteBuffer> buffers, AsyncBody body) {
        for (var buffer : buffers) {
            var piece = new byte[Math.min(buffer.remaining(), MAX_BYTES + 1 - bytes.size())];
            buffer.get(piece);
            bytes.writeBytes(piece);
        }
        if (bytes.size() > MAX_BYTES) {
            tooLong = true;
            body.cancel();
        } else {
            body.consume();
        }
    }

    /** Whether the body was longer than may be read. */
    boolean tooLong() {
        return tooLong;
    }

    /** All of the body, or its first bytes. */
    Bytes read(KubeRequest request, AsyncBody body, long deadlineNanos) throws ApiException, InterruptedException {
        var done = body.done();
        try {
            body.consume();
            done.get(deadlineNanos - System.nanoTime(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            body.cancel();
            throw e;
        } catch (TimeoutException e) {
            body.cancel();
            throw KubeApi.unanswered(Failure.Kind.TIMEOUT, request, "the response did not end in time");
        } catch (ExecutionException | CancellationException e) {
            if (!tooLong) {
                throw KubeApi.unanswered(
                        Failure.Kind.UNREACHABLE,
                        request,
                        ConnectionFailure.why(e.getCause() == null ? e : e.getCause()));
            }
        }
        return Bytes.of(bytes.toByteArray());
    }
}
