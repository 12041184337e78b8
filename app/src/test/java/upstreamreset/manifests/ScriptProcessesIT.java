// SPDX-License-Identifier: Apache-2.0
package upstreamreset.manifests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import upstreamreset.testing.Processes;

/**
 * No cluster script leaves a process behind, however it ends; stand-ins for kubectl and our own tool have calls that never end.
 *
 * <p>It waits more than it works, so it runs beside all others.
 */
@Execution(ExecutionMode.CONCURRENT)
class ScriptProcessesIT {
    private static final String BOOTSTRAP = "bootstrap --context test --overlay single --image a/b:1";

    /** A call of each script, and the pattern of a kubectl call at which it hangs. */
    private static final List<List<String>> HANGING = List.of(
            List.of("demo", "* exec *"),
            List.of("sniff", "capture *"),
            List.of("sniff", "* exec *"),
            List.of("leader-demo", "* rollout *"),
            List.of("leader-demo", "* delete pod *"),
            List.of("leader-demo --how kill", "* get lease *jsonpath*"),
            List.of("teardown --context test", "* version *"),
            List.of(BOOTSTRAP, "* apply *"),
            List.of("image --tar image.tar", ""));

    private Sandbox sandbox;

    @BeforeEach
    void makeSandbox(@TempDir Path folder) {
        sandbox = Sandbox.in(folder).with("kubectl", "kubectl-alone");
    }

    @ParameterizedTest
    @ValueSource(strings = {"demo", "sniff --seconds 1", "leader-demo", "leader-demo --how kill"})
    void afterItsEnd(String call) {
        var result = run(call);

        assertThat(result.exitCode()).as(result.err()).isZero();
        assertNothingIsLeft();
    }

    @ParameterizedTest
    @CsvSource({
        "sniff --seconds 1, capture *",
        "leader-demo, * delete pod *",
        "leader-demo --how kill, * debug *",
        "demo, * logs *",
    })
    void afterAFailure(String call, String fails) {
        sandbox.set("FAILS", fails);

        assertThat(run(call).exitCode()).isEqualTo(1);
        assertNothingIsLeft();
    }

    @ParameterizedTest
    @ValueSource(strings = {"demo", "sniff --seconds 1", "leader-demo", "leader-demo --how kill"})
    void whenNobodyReadsItsOutput(String call) {
        sandbox.shell("scripts/" + call + " | true");

        assertNothingIsLeft();
    }

    static Stream<Arguments> signals() {
        return Stream.of("INT", "TERM", "HUP")
                .flatMap(signal -> HANGING.stream().map(each -> Arguments.of(signal, each.getFirst(), each.getLast())));
    }

    @ParameterizedTest
    @MethodSource("signals")
    void afterASignalToTheScriptAlone(String signal, String call, String hangs) throws Exception {
        // Given
        sandbox.set("HANGS", hangs)
                .set("JAVA_HOME", System.getProperty("java.home"))
                .with("mvn");
        if (call.startsWith("image")) {
            sandbox.withRealImage();
        }
        var script = start(call);
        awaitItsHangingCall();
        var descendants = script.descendants().toList();
        // When
        Sandbox.signal(signal, script.toHandle());
        // Then
        assertThat(script.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(script.exitValue()).isEqualTo(130);
        assertNothingIsLeft();
        await().untilAsserted(() -> assertThat(descendants).noneMatch(Processes::runs));
    }

    @ParameterizedTest
    @ValueSource(strings = {BOOTSTRAP, "teardown --context test"})
    void noneBeginsWhileAnotherChangesTheLab(String call) throws InterruptedException {
        // Given
        sandbox.set("HANGS", "* apply *");
        var first = start(BOOTSTRAP);
        awaitItsHangingCall();
        // When
        var second = run(call);
        // Then
        assertThat(second.exitCode()).isEqualTo(1);
        assertThat(second.err()).containsPattern("process \\d+ changes the lab on context 'test' already: wait");
        Sandbox.signal("TERM", first.toHandle());
        first.waitFor();
    }

    /** After a reboot, or long after SIGKILL, another process may have its id. */
    @Test
    void aLockWhoseProcessHasGoneHoldsNobodyUp() throws InterruptedException {
        // Given
        sandbox.shell("echo " + ProcessHandle.current().pid() + " 1 >\"$TMPDIR/upstream-reset-lab-test.lock\"");
        sandbox.set("HANGS", "* apply *");
        // When
        var script = start(BOOTSTRAP);
        // Then
        awaitItsHangingCall();
        Sandbox.signal("TERM", script.toHandle());
        script.waitFor();
    }

    @ParameterizedTest
    @CsvSource({"sniff, capture *", "leader-demo, * delete pod *", "teardown --context test, * version *"})
    void soonAfterItIsKilled(String call, String hangs) throws InterruptedException {
        // Given
        sandbox.set("HANGS", hangs);
        var script = start(call);
        awaitItsHangingCall();
        var descendants = script.descendants().toList();
        // When
        script.destroyForcibly().waitFor();
        // Then
        await("the end of what it started")
                .atMost(Duration.ofMinutes(2))
                .until(() -> descendants.stream().noneMatch(Processes::runs));
        assertNothingIsLeft();
    }

    @Test
    void theCutEndsAlsoWhenTheScriptIsInterrupted() throws InterruptedException {
        // Given
        sandbox.set("HANGS", "* logs *");
        var script = sandbox.start("leader-demo", "--how", "kill");
        awaitItsHangingCall();
        // When
        Sandbox.signal("TERM", script.toHandle());
        script.waitFor();
        // Then
        assertThat(sandbox.calls()).containsPattern("exec http-chunked-0 -c cut-\\d+ .*-- kill -TERM 1\n");
    }

    private void awaitItsHangingCall() {
        await("its call that hangs")
                .atMost(Duration.ofSeconds(60))
                .until(() -> !sandbox.state("hanging").isEmpty());
    }

    /** A process that was killed may need a moment to go; those that hang would do so for ten minutes. */
    private void assertNothingIsLeft() {
        await().untilAsserted(() -> assertThat(sandbox.left()).isEmpty());
    }

    private Sandbox.Result run(String call) {
        var words = call.split(" ", -1);
        return sandbox.script(words[0], arguments(words));
    }

    private Process start(String call) {
        var words = call.split(" ", -1);
        return sandbox.start(words[0], arguments(words));
    }

    private static String[] arguments(String... words) {
        return List.of(words).subList(1, words.length).toArray(String[]::new);
    }
}
