// SPDX-License-Identifier: Apache-2.0
package upstreamreset.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static upstreamreset.probe.Probed.GET;
import static upstreamreset.probe.Probed.GOOD;
import static upstreamreset.probe.Probed.limits;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import upstreamreset.origin.RawOrigin;
import upstreamreset.scenario.Source;
import upstreamreset.scenario.WireScript;
import upstreamreset.scenario.WireStep;
import upstreamreset.testing.FreePort;
import upstreamreset.wire.Bytes;

/** How the probe connects, and its messages when it cannot. */
class ProbeConnectionTest {
    private static final Duration HOUR = Duration.ofHours(1);

    @Test
    void nobodyThereIsASentence() throws IOException {
        try (var origin = RawOrigin.of(new Source.Nobody())) {
            var target = Target.parse("127.0.0.1:" + origin.address().getPort());

            assertThat(new Probe(GET, limits(1 << 20), "1.40.0").one(target))
                    .isInstanceOfSatisfying(
                            ProbeResult.Unreachable.class,
                            nobody -> assertThat(nobody.reason())
                                    .isEqualTo("127.0.0.1 refuses connections to port "
                                            + origin.address().getPort() + "; does anything listen there?"));
        }
    }

    @Test
    void aNameThatDoesNotResolveIsASentence() {
        var result = new Probe(GET, limits(1 << 20), "1.40.0").one(Target.parse("nobody.invalid"));

        assertThat(((ProbeResult.Unreachable) result).reason())
                .isEqualTo("the name nobody.invalid does not resolve; is it right, and known where probe runs?");
    }

    @Test
    void aServerThatStartsIsWaitedFor() throws IOException {
        int port = FreePort.find();
        var target = Target.parse("http://127.0.0.1:" + port);
        var waiting = CompletableFuture.supplyAsync(
                () -> new Probe(GET, limits(1 << 20).waiting(HOUR), "1.40.0").one(target));
        assertThat(new Probe(GET, limits(1 << 20), "1.40.0").one(target)).isInstanceOf(ProbeResult.Unreachable.class);

        try (var server = new TextServer(port, _ -> GOOD)) {
            assertThat(waiting.join().healthy()).isTrue();
            assertThat(server.target()).isEqualTo(target);
        }
    }

    /** Only Linux has 127.0.0.9 without configuration. */
    @EnabledOnOs(OS.LINUX)
    @Test
    void theFirstAddressOfAHostThatTakesUsIsAsked() throws IOException {
        try (var server = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
            var addresses = new InetAddress[] {InetAddress.ofLiteral("127.0.0.9"), InetAddress.ofLiteral("127.0.0.1")};

            try (var socket = ProbeConnection.connect(addresses, server.getLocalPort(), Duration.ofMinutes(1))) {
                assertThat(socket.getInetAddress()).isEqualTo(addresses[1]);
            }
            assertThatThrownBy(() -> ProbeConnection.connect(
                            new InetAddress[] {addresses[0], addresses[0]},
                            server.getLocalPort(),
                            Duration.ofMinutes(1)))
                    .hasMessageContaining("refused");
        }
    }

    @Test
    void tlsToAPortThatSpeaksPlainTextIsToldApart() throws IOException {
        try (var origin = RawOrigin.play(new WireScript(
                WireScript.Protocol.HTTP_1,
                List.of(
                        new WireStep.ReadHead(),
                        new WireStep.Send(Bytes.latin1("HTTP/1.1 400 Bad Request\r\n\r\n")),
                        new WireStep.Close())))) {
            var result = new Probe(GET, limits(1 << 20), "1.40.0")
                    .one(Target.parse("https://127.0.0.1:" + origin.address().getPort()));

            assertThat(((ProbeResult.Unreachable) result).reason()).startsWith("TLS with https://127.0.0.1");
        }
    }
}
