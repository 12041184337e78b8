// SPDX-License-Identifier: Apache-2.0
package upstreamreset.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import upstreamreset.testing.Cli;

class EnvoyOptionsTest {
    @Test
    void aVersionOfIstioIsTheVersionOfItsEnvoy() throws IOException {
        try (var origin = ProbeCommandTest.origin("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi")) {
            var result = Cli.run("probe", ProbeCommandTest.url(origin), "--istio-version", "v1.29.2");

            assertThat(result.output()).contains("Envoy 1.37.0 passes it");
        }
    }

    @Test
    void aVersionThatNobodyKnowsIsAWrongCommandLineEverywhere() {
        for (var command : List.of(
                List.of("probe", "http://x"),
                List.of("inspect", "x.pcap"),
                List.of("reproduce"),
                List.of("matrix", "wrong"))) {
            var words = new ArrayList<>(command);
            words.addAll(List.of("--istio-version", "1.27"));

            var result = Cli.run(words.toArray(new String[0]));

            assertThat(result.exitCode()).as("%s", command).isEqualTo(Main.USAGE);
            assertThat(result.errors()).contains("1.28, 1.29, 1.30, 1.31, 1.32");
        }
    }

    @Test
    void oneEnvoyIsNamedOnce() {
        var both = Cli.run("inspect", "x.pcap", "--istio-version", "1.30", "--envoy-version", "1.40.0");
        var pathToo = Cli.run("reproduce", "--istio-version", "1.30", "--envoy", "/nowhere");

        assertThat(List.of(both.exitCode(), pathToo.exitCode())).containsOnly(Main.USAGE);
        assertThat(both.errors()).contains("give one of them");
        assertThat(pathToo.errors()).contains("give one of them");
    }

    @Test
    void aWordThatBeginsWithAnAtSignIsNoFileOfOptions() {
        var result = Cli.run("scenarios", "@/etc/hostname");

        assertThat(result.exitCode()).isEqualTo(Main.USAGE);
        assertThat(result.errors()).contains("there is no scenario '@/etc/hostname'");
    }
}
