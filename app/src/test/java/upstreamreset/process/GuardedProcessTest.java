// SPDX-License-Identifier: Apache-2.0
package upstreamreset.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import upstreamreset.testing.Processes;

/** Every descendant of a child ends with the child, and the child ends with the JVM. */
class GuardedProcessTest {
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    @TempDir
    Path folder;

    /** Each program starts {@code $1}, which writes its pid; then the program stays or ends. */
    @ParameterizedTest
    @EnabledOnOs(OS.LINUX)
    @ValueSource(
            strings = {
                "\"$1\"",
                "\"$1\" & wait",
                "\"$1\" >/dev/null 2>&1 & exit",
                "setsid \"$1\" & wait",
                "setsid \"$1\" >/dev/null 2>&1 </dev/null & exit",
                "setsid env -i /bin/sh \"$1\" >/dev/null 2>&1 & exec tail -f /dev/null",
                "(setsid setsid env -i /bin/sh \"$1\" >/dev/null 2>&1 &) ; exec tail -f /dev/null",
                "trap '' TERM INT HUP; nohup setsid \"$1\" >/dev/null 2>&1 & exec tail -f /dev/null",
            })
    void whatAProgramStartsEndsWithIt(String program) throws Exception {
        try (var process = GuardedProcess.start(sh(program, grandchild().toString()), Map.of())) {
            await().atMost(PATIENCE)
                    .until(() -> !pids().isEmpty() || (!process.output().ready() && ended(process)));
            process.end();
            assertThat(alive()).isEmpty();
        }
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void whatForksWithoutEndEndsToo() throws Exception {
        // Each copy leaves its process group, starts the next copy, and ends.
        var fork = script("fork", "echo $$ >>" + folder.resolve("pids") + "\nsetsid \"$0\" >/dev/null 2>&1 &\n");
        var process = GuardedProcess.start(List.of(fork.toString()), Map.of());
        await().atMost(PATIENCE).until(() -> pids().size() > 20);

        process.end();

        assertThat(alive()).isEmpty();
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void aGuardThatIsKilledTakesAllWithIt() throws Exception {
        var program = "setsid env -i /bin/sh \"$1\" >/dev/null 2>&1 & exec tail -f /dev/null";
        try (var process = GuardedProcess.start(sh(program, grandchild().toString()), Map.of())) {
            await().atMost(PATIENCE).until(() -> !pids().isEmpty());

            ProcessHandle.of(process.guardPid()).orElseThrow().destroyForcibly();

            await().atMost(PATIENCE).untilAsserted(() -> {
                assertThat(alive()).isEmpty();
                assertThat(ended(process)).isTrue();
            });
        }
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void allOfTheGuardsThatAreKilledTakeAllWithThem() throws Exception {
        var program = "setsid env -i /bin/sh \"$1\" >/dev/null 2>&1 & exec tail -f /dev/null";
        try (var process = GuardedProcess.start(sh(program, grandchild().toString()), Map.of())) {
            await().atMost(PATIENCE).until(() -> !pids().isEmpty());
            var guard = ProcessHandle.of(process.guardPid()).orElseThrow();
            var copies =
                    guard.children().filter(each -> each.pid() != process.pid()).toList();

            copies.forEach(ProcessHandle::destroyForcibly);
            guard.destroyForcibly();

            await().atMost(PATIENCE).untilAsserted(() -> assertThat(alive()).isEmpty());
        }
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void theSignalsOfAChildAreThoseOfOurs() throws Exception {
        try (var process =
                GuardedProcess.start(sh("grep SigIgn /proc/self/status; exec tail -f /dev/null"), Map.of())) {
            var ours = Files.readAllLines(Path.of("/proc/self/status")).stream()
                    .filter(line -> line.startsWith("SigIgn"))
                    .findFirst()
                    .orElseThrow();
            assertThat(ignored(process.output().readLine())).isEqualTo(ignored(ours));
        }
    }

    /** INT, QUIT, HUP and TERM; the JVM and the C library change the others. */
    private static long ignored(String line) {
        long fromSignal1 = Long.parseLong(line.substring("SigIgn:".length()).strip(), 16);
        return fromSignal1 & (1 | 1 << 1 | 1 << 2 | 1 << 14);
    }

    @Test
    void whatAChildSaysAndHowItEndsIsTold() throws Exception {
        var process = GuardedProcess.start(sh("echo a; echo b >&2; exit 7"), Map.of());
        assertThat(process.output().lines()).containsExactly("a", "b");
        assertThat(process.end()).isEqualTo(7);

        var killed = GuardedProcess.start(sh("kill -9 $$"), Map.of());
        assertThat(killed.output().lines()).isEmpty();
        assertThat(killed.end()).isEqualTo(GuardedProcess.KILLED);
    }

    @Test
    void whatIsNoProgramIsSaid() throws Exception {
        try (var process = GuardedProcess.start(List.of(folder.resolve("none").toString()), Map.of())) {
            assertThat(process.output().readLine()).contains("not found");
            assertThat(process.end()).isEqualTo(127);
        }
    }

    @Test
    void aFolderIsMadeFilledAndRemoved() throws Exception {
        var own = folder.resolve("own with 'quotes'");
        var process = GuardedProcess.start(
                sh("cat \"$1\"/file", own.toString()),
                own,
                made -> Files.writeString(made.resolve("file"), "a word\n"));
        assertThat(process.output().readLine()).isEqualTo("a word");

        process.end();

        assertThat(own).doesNotExist();
        process.close();
    }

    @Test
    void aFolderThatCannotBeFilledIsRemoved() throws Exception {
        var own = folder.resolve("own");
        assertThatThrownBy(() -> GuardedProcess.start(sh("true"), own, _ -> {
                    throw new IOException("the disk is full");
                }))
                .hasMessage("the disk is full");
        assertThat(own).doesNotExist();

        assertThatThrownBy(() -> GuardedProcess.start(sh("true"), folder.resolve("no/where"), _ -> {}))
                .hasMessageContaining("cannot make the temporary folder " + folder.resolve("no/where"));
    }

    @Test
    void theTwoOutputsOfAnAnswerAreApart() throws Exception {
        var answer = Answer.of(sh("cat; echo b >&2; exit 3"), "the input", PATIENCE);
        assertThat(answer.output().utf8()).isEqualTo("the input");
        assertThat(answer.errors()).isEqualTo("b\n");
        assertThat(answer.status()).isEqualTo(3);
        assertThat(answer.ended()).isTrue();
    }

    @Test
    void anAnswerWithoutAnEndIsBounded() throws Exception {
        var answer = Answer.of(sh("cat /dev/zero"), "", PATIENCE);
        assertThat(answer.output().length()).isBetween(1 << 20, 17 << 20);
        assertThat(Answer.of(sh("exec tail -f /dev/null"), "", Duration.ofMillis(1))
                        .ended())
                .isFalse();
    }

    @Test
    void aLineWithoutAnEndIsBounded() throws Exception {
        var result = Programs.ask(sh("head -c 3000000 /dev/zero; echo; echo last"), PATIENCE);
        assertThat(result.lines()).hasSize(2).last().isEqualTo("last");
        assertThat(result.lines().getFirst()).hasSize(ChildLines.MAX_LINE);
    }

    private Path grandchild() throws IOException {
        return script("grandchild", "echo $$ >>" + folder.resolve("pids") + "\nexec tail -f /dev/null\n");
    }

    private Path script(String name, String text) throws IOException {
        var file = Files.writeString(folder.resolve(name), "#!/bin/sh\n" + text);
        assertThat(file.toFile().setExecutable(true)).isTrue();
        return file;
    }

    private static List<String> sh(String program, String... arguments) {
        return Stream.concat(Stream.of("/bin/sh", "-c", program, "sh"), Stream.of(arguments))
                .toList();
    }

    private List<Long> pids() throws IOException {
        var file = folder.resolve("pids");
        return Files.exists(file)
                ? Files.readAllLines(file).stream().map(Long::valueOf).toList()
                : List.of();
    }

    private List<Long> alive() throws IOException {
        return pids().stream().filter(Processes::runs).toList();
    }

    private static boolean ended(GuardedProcess process) {
        return !Processes.runs(process.pid());
    }
}
