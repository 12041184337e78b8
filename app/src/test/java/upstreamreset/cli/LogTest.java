// SPDX-License-Identifier: Apache-2.0
package upstreamreset.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** Nobody who logs waits, and nobody fills a disk by what he lets the app log. */
class LogTest {
    private static final long MINUTE = Duration.ofMinutes(1).toNanos();

    @Test
    void whoLogsDoesNotWaitForWhoReads() throws Exception {
        var read = new CountDownLatch(1);
        var written = new ByteArrayOutputStream();
        var log = new LogOutput(new PrintStream(new OutputStream() {
            @Override
            public void write(int b) {
                throw new AssertionError("never a single byte");
            }

            @Override
            public void write(byte[] bytes, int from, int length) {
                try {
                    read.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
                written.write(bytes, from, length);
            }
        }));
        for (int i = 0; i < 1000; i++) {
            log.add("line " + i + "\n");
        }
        log.flush(Duration.ofMillis(1));

        read.countDown();

        log.flush(Duration.ofSeconds(20));
        await().untilAsserted(() -> assertThat(written.toString(StandardCharsets.UTF_8))
                .startsWith("line 0\n")
                .containsPattern("Log lines lost, because nobody read them in time: 7[0-9]{2}\n"));
    }

    @Test
    void ofOneKindThereAreSoManyAMinute() {
        var limit = new LogLimit(0);
        for (int i = 0; i < LogLimit.MAX_OF_KIND; i++) {
            assertThat(limit.next("a", i)).isEqualTo(new LogLimit.Decision(true, 0));
        }
        assertThat(limit.next("a", MINUTE - 1).logged()).isFalse();
        assertThat(limit.next("b", MINUTE - 1).logged()).isTrue();
        assertThat(limit.next("a", MINUTE)).isEqualTo(new LogLimit.Decision(true, 1));
        assertThat(limit.next("a", MINUTE)).isEqualTo(new LogLimit.Decision(true, 0));
    }

    @Test
    void kindsWithoutEndAreOneKind() {
        var limit = new LogLimit(0);
        int logged = 0;
        for (int i = 0; i < 10_000; i++) {
            logged += limit.next("kind " + i, 0).logged() ? 1 : 0;
        }
        assertThat(logged).isEqualTo(LogLimit.MAX_KINDS);
    }
}
