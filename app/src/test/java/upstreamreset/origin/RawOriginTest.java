// SPDX-License-Identifier: Apache-2.0
package upstreamreset.origin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.ConnectException;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import upstreamreset.scenario.Catalogue;
import upstreamreset.scenario.Scenario;
import upstreamreset.scenario.Source;
import upstreamreset.scenario.WireScript;
import upstreamreset.scenario.WireScript.Protocol;
import upstreamreset.scenario.WireStep;
import upstreamreset.wire.Bytes;

class RawOriginTest {
    private static final Bytes HELLO = Bytes.latin1("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello");

    /** Scripts that answer one request and then keep, end or stall the connection. */
    static Stream<Scenario> scenariosOfOneRequest() {
        return new Catalogue()
                .all().stream()
                        .filter(scenario -> scenario.source() instanceof WireScript script
                                && script.protocol() == Protocol.HTTP_1
                                && script.sent().length() > 0
                                && script.steps().stream()
                                                .filter(step -> step instanceof WireStep.ReadRequest)
                                                .count()
                                        < 2);
    }

    @ParameterizedTest
    @MethodSource("scenariosOfOneRequest")
    void whatGoesOnTheWireEqualsTheScriptAlsoInOneByteWrites(Scenario scenario) throws IOException {
        var script = (WireScript) scenario.source();
        for (var writes : Writes.values()) {
            try (var origin = RawOrigin.play(writes.of(script));
                    var socket = connect(origin)) {
                ask(socket, "GET / HTTP/1.1\r\nHost: app\r\n\r\n");

                var got = socket.getInputStream().readNBytes(script.sent().length());

                assertThat(Bytes.of(got)).isEqualTo(script.sent());
                assertThat(origin.calls()).isEqualTo(1);
            }
        }
    }

    @Test
    void closeIsFinAlsoWithUnreadInput() throws IOException {
        var script = script(new WireStep.ReadHead(), new WireStep.Close());
        try (var origin = RawOrigin.play(script);
                var socket = connect(origin)) {
            ask(socket, "POST / HTTP/1.1\r\nContent-Length: 100000\r\n\r\n" + "x".repeat(1000));

            assertThat(socket.getInputStream().read()).isEqualTo(-1);
        }
    }

    @Test
    void resetIsRst() throws IOException {
        var script = script(new WireStep.ReadRequest(), new WireStep.Reset());
        try (var origin = RawOrigin.play(script);
                var socket = connect(origin)) {
            ask(socket, "GET / HTTP/1.1\r\n\r\n");

            assertThatThrownBy(() -> socket.getInputStream().read())
                    .isInstanceOf(SocketException.class)
                    .hasMessageContaining("reset");
        }
    }

    @Test
    void nobodyRefuses() throws IOException {
        try (var origin = RawOrigin.of(new Source.Nobody())) {
            assertThatThrownBy(() -> connect(origin)).isInstanceOf(ConnectException.class);
            assertThat(origin.calls()).isZero();
        }
    }

    @Test
    void aScriptThatDoesNotEndTheConnectionAnswersTheNextRequestOnItToo() throws IOException {
        var script = script(new WireStep.ReadRequest(), new WireStep.Send(HELLO));
        try (var origin = RawOrigin.play(script);
                var socket = connect(origin)) {
            for (var request : List.of(
                    "POST / HTTP/1.1\r\nContent-Length: 5\r\n\r\n12345",
                    "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n3;a=b\r\nabc\r\n0\r\nX: y\r\n\r\n",
                    "GET / HTTP/1.1\r\n\r\n")) {
                ask(socket, request);
                assertThat(Bytes.of(socket.getInputStream().readNBytes(HELLO.length())))
                        .isEqualTo(HELLO);
            }
            assertThat(origin.calls()).isEqualTo(3);
        }
    }

    private static WireScript script(WireStep... steps) {
        return new WireScript(Protocol.HTTP_1, List.of(steps));
    }

    private static Socket connect(RawOrigin origin) throws IOException {
        var socket = new Socket(origin.address().getAddress(), origin.address().getPort());
        socket.setSoTimeout(60_000);
        return socket;
    }

    private static void ask(Socket socket, String request) throws IOException {
        socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
    }
}
