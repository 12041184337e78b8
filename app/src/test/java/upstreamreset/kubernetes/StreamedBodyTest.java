// SPDX-License-Identifier: Apache-2.0
package upstreamreset.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.client.http.AsyncBody;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Which pieces of a body are passed on: those that come before its reader has ended. */
class StreamedBodyTest {
    private final StringBuilder passed = new StringBuilder();
    private final StreamedBody body =
            new StreamedBody(piece -> passed.append(new String(piece, StandardCharsets.UTF_8)));
    private final Asked connection = new Asked();

    /** Counts how often more was asked for. */
    private static final class Asked implements AsyncBody {
        private int times;

        @Override
        public void consume() {
            times++;
        }

        @Override
        public CompletableFuture<Void> done() {
            return new CompletableFuture<>();
        }

        @Override
        public void cancel() {
            // Nobody listens.
        }
    }

    private void arrive(String piece) {
        body.consume(List.of(ByteBuffer.wrap(piece.getBytes(StandardCharsets.UTF_8))), connection);
    }

    @Test
    void aPieceThatComesBehindTheEndIsDropped() {
        body.begin(true);
        arrive("one");

        body.end();
        arrive("two");

        assertThat(passed).hasToString("one");
        assertThat(connection.times).isEqualTo(1);
    }

    @Test
    void ofAFailureTheFirstBytesAreKept() {
        body.begin(false);
        arrive("refused");

        assertThat(body.problem()).isEqualTo("refused");
        assertThat(passed).isEmpty();
    }
}
