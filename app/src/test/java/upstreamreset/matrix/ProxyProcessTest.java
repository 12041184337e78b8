// SPDX-License-Identifier: Apache-2.0
package upstreamreset.matrix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import upstreamreset.process.ProgramException;
import upstreamreset.scenario.Catalogue;
import upstreamreset.server.ServeOptions;

/** Programs that only pretend to be a proxy: none of them blocks the matrix, and the message names each. */
class ProxyProcessTest {
    @TempDir
    Path folder;

    @Test
    void anNginxThatNeverListensIsGivenUp() throws Exception {
        program("nginx", "[ $1 != -v ] || { echo nginx version: nginx/9.9.9; exit; }; echo thinking; exec sleep 60");

        assertThatThrownBy(() -> start(Nginx.find(path())))
                .isInstanceOf(ProgramException.class)
                .hasMessage("nginx 9.9.9 did not listen within 1 s; its last words: thinking");
        assertThat(ourProcesses()).isEmpty();
    }

    @Test
    void anNginxThatEndsAtOnceIsToldWithItsLastWords() throws Exception {
        program("nginx", "[ $1 != -v ] || { echo nginx version: nginx/9.9.9; exit; }; echo no such directive; exit 1");

        assertThatThrownBy(() -> start(Nginx.find(path())))
                .isInstanceOf(ProgramException.class)
                .hasMessage("nginx 9.9.9 ended before it listened; its last words: no such directive");
    }

    @Test
    void oneThatIsNotThereIsMissing() {
        assertThatThrownBy(() -> Haproxy.find(path()))
                .isInstanceOf(ProgramException.class)
                .hasMessage("haproxy is not on PATH");
    }

    @Test
    void oneThatIsSomethingElseIsMissing() throws Exception {
        program("haproxy", "echo hello");

        assertThatThrownBy(() -> Haproxy.find(path()))
                .isInstanceOf(ProgramException.class)
                .hasMessageContaining("does not report its version with -v");
    }

    private void start(ProxyKind kind) throws IOException, InterruptedException {
        var scenarios = List.of(new Catalogue().find("te-twice").orElseThrow());
        try (var origins = Origins.start(scenarios, ServeOptions.onFreePort());
                var _ = ProxyProcess.start(kind, scenarios, origins, Duration.ofSeconds(1))) {
            throw new AssertionError("started");
        }
    }

    private void program(String name, String script) throws IOException {
        var file = Files.writeString(folder.resolve(name), "#!/bin/sh\n" + script + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private Map<String, String> path() {
        return Map.of("PATH", folder.toString());
    }

    private List<String> ourProcesses() {
        return ProcessHandle.allProcesses()
                .map(process -> process.info().commandLine().orElse(""))
                .filter(line -> line.contains(folder.toString()))
                .toList();
    }
}
