// SPDX-License-Identifier: Apache-2.0
package upstreamreset.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static upstreamreset.cli.ProbeCommandTest.origin;
import static upstreamreset.cli.ProbeCommandTest.url;

import java.io.IOException;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import upstreamreset.testing.Cli;
import upstreamreset.testing.RealParts;

/** What {@code probe --through-envoy} prints of what a real Envoy did. */
class ProbeThroughEnvoyIT {
    private static final String BARE_CR = "HTTP/1.1 200 OK\r\nX-Foo: a\rb\r\nContent-Length: 2\r\n\r\nhi";

    @BeforeAll
    static void envoyIsThere() {
        RealParts.envoy();
    }

    @Test
    void whatArrivedOtherwiseIsShown() throws IOException {
        try (var origin = origin(BARE_CR)) {
            var text = Cli.run("probe", "--through-envoy", url(origin));
            var json = Cli.run("probe", "--through-envoy", "--output=json", url(origin));

            assertThat(text.exitCode()).isEqualTo(Main.FOUND);
            assertThat(text.output())
                    .contains("(observed): damaged, 200", "    x-foo  sent     a\\rb\n           arrived  ab\n");
            assertThat(json.output())
                    .contains("\"altered\":[{\"what\":\"x-foo\",\"sent\":\"a\\\\rb\",\"arrived\":\"ab\"}]");
        }
    }

    @Test
    void aResponseThatIsTooLongToBeReplayedSpoilsNoOther() throws IOException {
        try (var longer = origin("HTTP/1.1 200 OK\r\nContent-Length: 2000000\r\n\r\n" + "x".repeat(2_000_000));
                var healthy = origin("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi")) {
            var result = Cli.run("probe", "--through-envoy", url(longer), url(healthy));

            assertThat(result.exitCode()).isEqualTo(Main.UNREAD);
            assertThat(result.errors()).contains("is too long to replay; request a shorter one");
            assertThat(result.output().lines())
                    .hasSize(2)
                    .allMatch(line ->
                            line.contains(": Envoy 1.40.0 passes it; 200, ") && line.endsWith("connection reused"));
        }
    }

    @Test
    void aResponseOfAllThatIsKeptIsReplayedWhole() throws IOException {
        var head = "HTTP/1.1 200 OK\r\nContent-Length: 1048532\r\n\r\n";
        try (var origin = origin(head + "x".repeat(1_048_532))) {
            var result = Cli.run("probe", "--through-envoy", url(origin));

            assertThat(head.length() + 1_048_532).isEqualTo(1 << 20);
            assertThat(result.output()).contains(": Envoy 1.40.0 passes it; 200, ", "1048576 bytes");
        }
    }
}
