// SPDX-License-Identifier: Apache-2.0
package upstreamreset.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static upstreamreset.probe.Probed.answered;
import static upstreamreset.probe.Probed.probe;
import static upstreamreset.probe.Probed.script;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import upstreamreset.scenario.WireStep;
import upstreamreset.verdict.Finding;
import upstreamreset.wire.Bytes;

/** The forms of a response that its request, status and version allow, and those that they forbid. */
class ProbeFormsTest {
    private static final String UPGRADE = "Connection: Upgrade|Upgrade: websocket";

    /** In the responses {@code ~} is a line end. An empty third column means no finding. */
    @ParameterizedTest
    @CsvSource(delimiter = ';', textBlock = """
            GET ; HTTP/1.1 100 Continue~~HTTP/1.1 200 OK~Content-Length: 2~~hi                        ;
            GET ; HTTP/1.1 103 Early Hints~Link: <x>~~HTTP/1.1 200 OK~Content-Length: 2~~hi           ;
            HEAD; HTTP/1.1 200 OK~Content-Length: 2~~                                                 ;
            HEAD; HTTP/1.1 200 OK~Transfer-Encoding: chunked~~                                        ;
            HEAD; HTTP/1.1 200 OK~Content-Length: 2~~hi                                               ; bytes-after-end
            GET ; HTTP/1.1 204 No Content~~                                                           ;
            GET ; HTTP/1.1 204 No Content~~hi                                                         ; bytes-after-end
            GET ; HTTP/1.1 304 Not Modified~Content-Length: 2~~                                       ;
            GET ; HTTP/1.1 304 Not Modified~Content-Length: 2~~hi                                     ; bytes-after-end
            GET ; HTTP/1.1 205 Reset Content~Content-Length: 0~~                                      ;
            GET ; HTTP/1.1 426 Upgrade Required~Connection: Upgrade~Upgrade: x~Content-Length: 0~~    ;
            GET ; HTTP/1.0 200 OK~Connection: keep-alive~Content-Length: 2~~hi                        ;
            GET ; HTTP/1.0 200 OK~Connection: keep-alive~~hi                                          ; never-ends
            GET ; HTTP/1.1 101 Switching Protocols~Connection: Upgrade~Upgrade: websocket~~           ; unasked-switch
            """)
    void theFindingIsTheOneThatThereIs(String method, String response, String rule) throws IOException {
        // Only what never ends is given up.
        var timeout = "never-ends".equals(rule) ? Duration.ofSeconds(1) : Duration.ofMinutes(1);
        var result = probe(
                script(response.replace("~", "\r\n")),
                new ProbeRequest(method, List.of(), Bytes.EMPTY),
                new Limits(timeout, 1 << 20, false));

        var rules = answered(result).judged().stream()
                .flatMap(each -> each.findings().stream())
                .map(Finding::rule)
                .map(each -> each.id())
                .distinct()
                .toList();
        assertThat(rules).isEqualTo(rule == null ? List.of() : List.of(rule));
        assertThat(result.healthy()).isEqualTo(rule == null);
    }

    /** The connection then belongs to another protocol: the probe sends no second request on it. */
    @ParameterizedTest
    @CsvSource({"'', 0", "hi, 2"})
    void aSwitchThatWasAskedForIsFine(String tunneled, int bytes) throws IOException {
        var switched = "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n";

        var result = probe(
                script(switched + tunneled, new WireStep.Stall()),
                new ProbeRequest("GET", List.of(UPGRADE.split("\\|")), Bytes.EMPTY),
                1 << 20);

        assertThat(result.healthy()).as(ProbeSummary.words(result)).isTrue();
        assertThat(answered(result).exchanges()).hasSize(1);
        assertThat(answered(result).reuse()).isEqualTo(Reuse.NOT_TRIED);
        assertThat(answered(result).exchanges().getFirst().total()).isEqualTo(switched.length() + bytes);
    }
}
