// SPDX-License-Identifier: Apache-2.0
package upstreamreset.envoy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.StringReader;
import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import upstreamreset.envoy.install.EnvoyException;
import upstreamreset.sidecar.LiveLog;
import upstreamreset.sidecar.PassedRequest;

/** What is kept of an Envoy that writes more than anyone asks for. */
class EnvoyOutputTest {
    private static final Duration TIMEOUT = Duration.ofMinutes(1);

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
        assertThat(output.awaitNext(7).orElseThrow().gone()).isEqualTo(EnvoyOutput.KEPT - 7);
    }

    /** Envoy's own log comes through the same pipe: under load it may stand in the middle of a line. */
    @Test
    void aTornLineIsToldAndTheNextOneIsShown() throws IOException, InterruptedException {
        var line =
                "[2026-11-29T18:56:22.059Z] \"GET / HTTP/1.1\" 200 - via_upstream - \"-\" 0 30 5352 300 \"-\" \"-\" \"id\""
                        + " \"localhost\" \"127.0.0.1:44629\" inbound|8080|| 127.0.0.6:47290 127.0.0.1:34999 127.0.0.1:56667 -"
                        + " default\n";
        var passed = new ArrayList<PassedRequest>();
        var complaints = new ArrayList<String>();

        new LiveLog("1.40.0", complaints::add)
                .follow(ended(line.replace(" 127.0.0.1:56667", "") + line + line), 0, passed::add);

        assertThat(passed).hasSize(2);
        assertThat(complaints).hasSize(2);
        assertThat(complaints.getFirst()).startsWith("One request is not shown: Envoy's access log is not in");
        assertThat(complaints.getLast())
                .isEqualTo("Some requests are shown without their bytes: more passed at once than is kept.");
    }

    private static EnvoyOutput ended(int lines) throws InterruptedException {
        var text = new StringBuilder();
        for (int i = 0; i < lines; i++) {
            text.append("line ").append(i).append('\n');
        }
        return ended(text.toString());
    }

    private static EnvoyOutput ended(String text) throws InterruptedException {
        var ready = new CountDownLatch(1);
        var output = new EnvoyOutput(new BufferedReader(new StringReader(text) {
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
