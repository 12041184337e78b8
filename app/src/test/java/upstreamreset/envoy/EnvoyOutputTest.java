// SPDX-License-Identifier: Apache-2.0
package upstreamreset.envoy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.StringReader;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import upstreamreset.envoy.install.EnvoyException;

/** What is kept of an Envoy that writes more than anyone asks for. */
class EnvoyOutputTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    @Test
    void theNewestLinesAreKept() throws EnvoyException, InterruptedException {
        int many = 5 * EnvoyOutput.KEPT;
        var output = ended(many);

        var kept = output.accessLog(many - EnvoyOutput.KEPT);

        assertThat(output.mark()).isEqualTo(many);
        assertThat(kept).hasSize(EnvoyOutput.KEPT).first().isEqualTo("line " + (many - EnvoyOutput.KEPT));
    }

    @Test
    void whoAsksForLinesThatAreGoneIsTold() throws EnvoyException, InterruptedException {
        var output = ended(2 * EnvoyOutput.KEPT + 1);

        assertThatThrownBy(() -> output.accessLog(7))
                .isInstanceOf(EnvoyException.class)
                .hasMessage("Envoy wrote 39994 lines where at most 20000 are kept: 19993 of them are gone.");
        assertThatThrownBy(() -> output.codecMessages(7)).isInstanceOf(EnvoyException.class);
        assertThatThrownBy(() -> output.awaitAccessLog(7, 1, TIMEOUT)).isInstanceOf(EnvoyException.class);
    }

    private static EnvoyOutput ended(int lines) throws InterruptedException {
        var text = new StringBuilder();
        for (int i = 0; i < lines; i++) {
            text.append("line ").append(i).append('\n');
        }
        var ready = new CountDownLatch(1);
        var output = new EnvoyOutput(new BufferedReader(new StringReader(text.toString()) {
            @Override
            public int read(char[] into, int offset, int length) throws IOException {
                try {
                    ready.await();
                } catch (InterruptedException e) {
                    throw new IOException(e);
                }
                return super.read(into, offset, length);
            }
        }));
        output.isReady();
        ready.countDown();
        assertThat(output.awaitEnd(TIMEOUT)).isTrue();
        return output;
    }
}
