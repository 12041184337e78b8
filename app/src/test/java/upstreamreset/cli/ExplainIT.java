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
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void theServersSidecarIsNamedAndTheCorrectRequestIsClean(boolean clientSidecar) throws Exception {
        // Given
        var lines = new ArrayList<String>();
        var app = ServeOptions.onFreePort().withStream(ServeOptions.CHUNKS, Duration.ofMillis(10));
        try (var lab = Lab.start(RealParts.envoy(), new Lab.Options(clientSidecar, app))) {
            for (var name : List.of("wrong", "correct")) {
                var scenario = new Catalogue().find(name).orElseThrow();
                lab.reproduce(scenario).hops().forEach(hop -> lines.add(hop.line()));
            }
        }
        // When
        var out = new StringWriter();
        var arguments = new ArrayList<>(List.of("explain", "--output", "json"));
        arguments.addAll(lines);
        int code =
                Main.run(new PrintWriter(out), new PrintWriter(new StringWriter()), arguments.toArray(String[]::new));
        // Then
        assertThat(code).isEqualTo(Main.FOUND_OR_FAILED);
        var explained = out.toString().lines().toList();
        assertThat(explained).as("joined by x-request-id").hasSize(2);
        var wrong = new ObjectMapper().readTree(explained.getFirst());
        assertThat(wrong.at("/hop").asString()).isEqualTo("server");
        assertThat(wrong.at("/madeHere").asBoolean()).isTrue();
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
