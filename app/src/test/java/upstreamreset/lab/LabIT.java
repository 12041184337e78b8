// SPDX-License-Identifier: Apache-2.0
package upstreamreset.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;
import upstreamreset.accesslog.Side;
import upstreamreset.capture.CaptureWriter;
import upstreamreset.http1.Rule;
import upstreamreset.scenario.Catalogue;
import upstreamreset.server.ServeOptions;
import upstreamreset.testing.RealParts;
import upstreamreset.testing.Tshark;
import upstreamreset.verdict.Outcome;

/** The two responses that everything started with, through the real Envoy, without and with the client's sidecar. */
@ParameterizedClass
@ValueSource(booleans = {false, true})
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LabIT {
    @Parameter
    boolean clientSidecar;

    private Lab lab;
    private Reproduction correct;
    private Reproduction wrong;

    @BeforeParameterizedClassInvocation
    void reproduce() throws IOException, InterruptedException {
        var app = ServeOptions.onFreePort().withStream(ServeOptions.CHUNKS, Duration.ofMillis(10));
        var catalogue = new Catalogue();
        var scenarios = List.of(catalogue.find("correct").orElseThrow());
        lab = Lab.start(RealParts.envoy(), new Lab.Options(clientSidecar, app), scenarios);
        correct = lab.reproduce(catalogue.find("correct").orElseThrow());
        wrong = lab.reproduce(catalogue.find("wrong").orElseThrow());
    }

    @AfterParameterizedClassInvocation
    void close() {
        if (lab != null) {
            lab.close();
        }
    }

    @Test
    void correctReachesTheClientInFiveChunks() {
        assertThat(correct.differences()).isEmpty();
        assertThat(correct.client().status()).isEqualTo(200);
        assertThat(correct.judged().chunks()).isEqualTo(5);
        assertThat(correct.client().body().latin1()).isEqualTo("Chunk\n".repeat(5));
        assertThat(correct.judged().findings()).isEmpty();
        assertThat(correct.judged().envoy().outcome()).isEqualTo(Outcome.PASSES);
    }

    @Test
    void wrongIsTheOriginals502() {
        assertThat(wrong.differences()).isEmpty();
        assertThat(wrong.client().status()).isEqualTo(502);
        assertThat(wrong.client().body().latin1())
                .isEqualTo("upstream connect error or disconnect/reset before headers. reset reason: protocol error")
                .hasSize(87);
        var verdict = wrong.judged().envoy();
        assertThat(verdict.flags()).isEqualTo("UPE");
        assertThat(verdict.details()).isEqualTo("upstream_reset_before_response_started{protocol_error}");
        assertThat(verdict.message()).isEqualTo("unsupported transfer encoding");
        assertThat(wrong.judged().observed()).isTrue();
        assertThat(wrong.calls()).isEqualTo(1);
    }

    @Test
    void theGuiltyLinesAreFoundInWhatTheAppSent() {
        assertThat(wrong.judged().findings())
                .extracting(finding -> finding.rule())
                .containsOnly(Rule.DUPLICATE_TRANSFER_ENCODING);
        var sent = wrong.sent().latin1();
        assertThat(wrong.judged().findings())
                .extracting(finding -> sent.substring(
                        Math.toIntExact(finding.offset()), Math.toIntExact(finding.offset()) + finding.length()))
                .containsExactly("Transfer-Encoding: Chunked\r\n", "Transfer-Encoding: chunked\r\n");
        assertThat(wrong.judged().closedBy()).isEqualTo("client FIN");
    }

    @Test
    void eachSidecarLogsItsHop() {
        if (clientSidecar) {
            assertThat(wrong.sidecars()).extracting(SidecarLog::side).containsExactly(Side.CLIENT, Side.SERVER);
            assertThat(wrong.sidecars().getFirst().line())
                    .contains(" 502 - via_upstream ", " outbound|8080||http-chunked.");
            assertThat(wrong.client().fields("server"))
                    .extracting(field -> field.value())
                    .containsExactly("envoy");
        } else {
            assertThat(wrong.sidecars()).extracting(SidecarLog::side).containsExactly(Side.SERVER);
            assertThat(wrong.client().fields("server"))
                    .extracting(field -> field.value())
                    .containsExactly("istio-envoy");
        }
        assertThat(wrong.sidecars().getLast().line()).contains(" 502 UPE ", " 87 ", " inbound|8080|| ");
    }

    @Test
    void tsharkFindsTheRequestInTheCaptureAndShowsBothLines(@TempDir Path folder)
            throws IOException, InterruptedException {
        var file = folder.resolve("wrong.pcapng");
        CaptureWriter.write(file, lab.events());

        var stream = Tshark.of(file, "-Y", "http.request.uri == \"/wrong\"", "-T", "fields", "-e", "tcp.stream")
                .strip();
        assertThat(stream).matches("\\d+");
        assertThat(Tshark.of(file, "-q", "-z", "follow,tcp,ascii," + stream))
                .contains("Transfer-Encoding: Chunked", "Transfer-Encoding: chunked", "GET /wrong HTTP/1.1");
        assertThat(Tshark.of(
                                file,
                                "-Y",
                                "tcp.flags.fin == 1 && tcp.stream == " + stream,
                                "-T",
                                "fields",
                                "-e",
                                "ip.src")
                        .lines()
                        .findFirst())
                .as("Envoy, which comes from 127.0.0.6, closed first")
                .contains("127.0.0.6");
    }
}
