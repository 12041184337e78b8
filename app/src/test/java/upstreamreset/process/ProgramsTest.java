// SPDX-License-Identifier: Apache-2.0
package upstreamreset.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import upstreamreset.testing.Processes;

/** Every run of another program ends, and its last output is kept. */
class ProgramsTest {
    private static final Duration HOUR = Duration.ofHours(1);

    @TempDir
    Path folder;

    @Test
    void bothOutputsAreReadInTheirOrder() throws Exception {
        var result = Programs.run(sh("echo a; echo $B >&2; echo c"), Map.of("B", "b"), HOUR)
                .succeeded();
        assertThat(result.lines()).containsExactly("a", "b", "c");
    }

    @Test
    void aFailureIsTheStatusOrASentence() throws Exception {
        var result = Programs.run(sh("echo no such flag; exit 3"), Map.of(), HOUR);
        assertThat(result.status()).isEqualTo(3);
        assertThatThrownBy(result::succeeded)
                .isInstanceOf(ProgramException.class)
                .hasMessage("/bin/sh failed with exit code 3: no such flag");
    }

    @Test
    void theLastLinesAreKept() throws Exception {
        var result = Programs.run(sh("i=0; while [ $i -lt 1000 ]; do echo $i; i=$((i+1)); done"), Map.of(), HOUR);
        assertThat(result.lines()).hasSize(40).endsWith("998", "999");
    }

    @Test
    void whatDoesNotEndInTimeIsKilled() throws Exception {
        var pid = folder.resolve("pid");
        assertThatThrownBy(() -> Programs.run(
                        sh("echo $$ >" + pid + "; exec tail -f /dev/null"), Map.of(), Duration.ofSeconds(2)))
                .isInstanceOf(ProgramException.class)
                .hasMessage("/bin/sh did not end within 2 s");
        assertThat(alive(pid)).isFalse();
    }

    @Test
    void whatTalksOnIsKilledWhenItHasAnswered() throws Exception {
        var pid = folder.resolve("pid");
        var result = Programs.ask(sh("echo $$ >" + pid + "; exec yes"), HOUR);
        assertThat(result.lines()).hasSize(40).containsOnly("y");
        assertThat(alive(pid)).isFalse();
    }

    @Test
    void theHeartbeatEndsARunByAnException() {
        assertThatThrownBy(() -> Programs.run(sh("exec tail -f /dev/null"), Map.of(), HOUR, () -> {
                    throw new IOException("the disk is full");
                }))
                .hasMessage("the disk is full");
    }

    private static List<String> sh(String script) {
        return List.of("/bin/sh", "-c", script);
    }

    private static boolean alive(Path pid) throws IOException {
        return Processes.runs(Long.parseLong(Files.readString(pid).strip()));
    }
}
