// SPDX-License-Identifier: Apache-2.0
package upstreamreset.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import upstreamreset.testing.Cli;

/** A file that a command reads is not written by it, whatever the two are called. */
class OutputOntoInputTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "inspect IN --report IN",
                "inspect IN --html IN",
                "inspect LINK --report IN",
                "inspect IN --report LINK",
                "inspect IN --report HARD",
                "inspect IN --report FOLDER/./in",
                "sidecar 1 --mesh IN --report LINK",
                "sidecar 1 --mesh IN --capture IN",
                "sidecar 1 --mesh IN --junit HARD --ask /",
                "probe --url-file IN --junit LINK",
                "probe 127.0.0.1:1 -d a -d @IN --junit IN",
                "diagnose pod/x /y -d @IN --report LINK",
                "diagnose pod/x --kubeconfig IN --report IN",
                "capture pod/x --kubeconfig IN -w IN",
            })
    void isRefused(String words) throws IOException {
        var content = words.startsWith("sidecar") ? "sidecar route {\"name\":\"x\"}" : "http://127.0.0.1:1/";
        var in = Files.writeString(folder.resolve("in"), content);
        var link = Files.createSymbolicLink(folder.resolve("link"), in);
        var hard = Files.createLink(folder.resolve("hard"), in);

        var result = Cli.run(words.replace("LINK", link.toString())
                .replace("IN", in.toString())
                .replace("HARD", hard.toString())
                .replace("FOLDER", folder.toString())
                .split(" "));

        assertThat(result.exitCode()).as(result.errors()).isEqualTo(Main.USAGE);
        assertThat(result.errors()).contains(" would replace " + folder, ", which is read; name another file");
        assertThat(in).hasContent(content);
    }
}
