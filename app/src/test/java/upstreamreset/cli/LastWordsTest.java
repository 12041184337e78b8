// SPDX-License-Identifier: Apache-2.0
package upstreamreset.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A process that gets SIGTERM, and is through before it has said why. */
@Timeout(60)
class LastWordsTest {
    /** A command that the signal ends, with a Main behind it that needs a while for what the command failed with. */
    static final class Told {
        private Told() {}

        /** Its words come when the JVM is going down already. */
        public static void main(String... args) throws InterruptedException {
            try (var _ = new LastWords(0, Thread.currentThread()::interrupt, 30)) {
                System.out.println("begun");
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                // By the words.
            }
            new CountDownLatch(1).await(300, TimeUnit.MILLISECONDS);
            System.out.println("told");
            Runtime.getRuntime().halt(Main.UNREAD);
        }
    }

    @Test
    void whatACommandFailedWithAtASignalIsStillTold() throws Exception {
        var process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Told.class.getName())
                .start();
        try {
            var out = process.inputReader(StandardCharsets.UTF_8);
            assertThat(out.readLine()).isEqualTo("begun");
            // The process itself would close its streams too.
            assertThat(process.toHandle().destroy()).isTrue();
            assertThat(out.readLine()).isEqualTo("told");
            assertThat(process.waitFor()).isEqualTo(Main.UNREAD);
        } finally {
            process.destroyForcibly();
        }
    }
}
