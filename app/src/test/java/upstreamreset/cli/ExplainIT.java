// SPDX-License-Identifier: Apache-2.0
package upstreamreset.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.ObjectMapper;
import upstreamreset.lab.Lab;
import upstreamreset.scenario.Catalogue;
import upstreamreset.server.ServeOptions;
import upstreamreset.testing.RealParts;

/** Log lines that the real Envoy wrote, one hop and two. */
class ExplainIT {
    /** As a sidecar writes it at level debug; what follows is what the real Envoy said. */
    private static final String CLIENT_LOGGER =
            "2026-11-22T20:00:00.123456Z\tdebug\tenvoy client external/envoy/source/common/http/codec_client.cc:169\t[Tags:"
                    + " \"ConnectionId\":\"4\"] Error dispatching received data: http/1.1 protocol error: ";

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void theServersSidecarIsNamedAndTheCorrectRequestIsClean(boolean clientSidecar) throws Exception {
        // Given
        var lines = new ArrayList<String>();
        var app = ServeOptions.onFreePort().withStream(ServeOptions.CHUNKS, Duration.ofMillis(10));
        var scenarios = List.of(new Catalogue().find("correct").orElseThrow());
        try (var lab = Lab.start(RealParts.envoy(), new Lab.Options(clientSidecar, app), scenarios)) {
            for (var name : List.of("wrong", "correct")) {
                var scenario = new Catalogue().find(name).orElseThrow();
                var reproduction = lab.reproduce(scenario);
                reproduction.sidecars().forEach(sidecar -> lines.add(sidecar.line()));
                var message = reproduction.judged().envoy().message();
                if (!message.isEmpty()) {
                    lines.add(CLIENT_LOGGER + message);
                }
            }
        }
        // When
        var out = new StringWriter();
        var arguments = new ArrayList<>(List.of("explain", "--output", "json"));
        arguments.addAll(lines);
        int code =
                Main.run(new PrintWriter(out), new PrintWriter(new StringWriter()), arguments.toArray(String[]::new));
        // Then
        assertThat(code).isEqualTo(Main.FOUND);
        var explained = out.toString().lines().toList();
        assertThat(explained).as("joined by x-request-id").hasSize(2);
        var wrong = new ObjectMapper().readTree(explained.getFirst());
        assertThat(wrong.at("/hop").asString()).isEqualTo("server");
        assertThat(wrong.at("/madeHere").asBoolean()).isTrue();
        assertThat(wrong.at("/findings/0/rule").asString()).isEqualTo("duplicate-transfer-encoding");
        assertThat(wrong.at("/findings/0/cause").asString()).startsWith("The code sets Transfer-Encoding itself");
        assertThat(wrong.at("/findings/0/fix").asString()).startsWith("Do not set or copy Transfer-Encoding");
        assertThat(wrong.at("/appRan").asInt()).isEqualTo(1);
        assertThat(wrong.at("/hops").size()).isEqualTo(clientSidecar ? 2 : 1);
        assertThat(wrong.at("/notes").toString()).contains("the 87 bytes that the client got are the proxy's own text");
        assertThat(new ObjectMapper()
                        .readTree(explained.getLast())
                        .at("/failed")
                        .asBoolean())
                .isFalse();
    }
}
