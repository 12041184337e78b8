// SPDX-License-Identifier: Apache-2.0
package upstreamreset.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import upstreamreset.tcp.Direction;
import upstreamreset.tcp.StreamEvent;

class TapTest {
    private static final int PATIENCE_MILLIS = 60_000;
    private static final long MAX_BYTES = 100_000;

    private final Queue<String> complaints = new ConcurrentLinkedQueue<>();
    private ServerSocket app;
    private Tap tap;
    private Tap.Port port;
    private Socket client;
    private Socket server;

    @BeforeEach
    void connect() throws IOException {
        app = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        app.setSoTimeout(PATIENCE_MILLIS);
        tap = new Tap(MAX_BYTES, 2);
        tap.listen(_ -> {}, complaints::add);
        port = tap.port();
        port.passOnTo((InetSocketAddress) app.getLocalSocketAddress());
        client = new Socket(port.address().getAddress(), port.address().getPort());
        client.setSoTimeout(PATIENCE_MILLIS);
        server = app.accept();
        server.setSoTimeout(PATIENCE_MILLIS);
    }

    @AfterEach
    void close() throws IOException {
        client.close();
        server.close();
        tap.close();
        app.close();
    }

    @Test
    void aConnectionThatTheAppDoesNotTakeIsToldByItsClientsAddress() throws Exception {
        var told = new CompletableFuture<InetSocketAddress>();
        tap.listenUnreached(told::complete);
        app.close();

        try (var other = new Socket(port.address().getAddress(), port.address().getPort())) {
            assertThat(told)
                    .succeedsWithin(Duration.ofMillis(PATIENCE_MILLIS))
                    .isEqualTo(other.getLocalSocketAddress());
        }
    }

    @Test
    void everyByteIsRecordedAndPassedOnInItsDirection() throws IOException {
        client.getOutputStream().write("ask".getBytes(StandardCharsets.US_ASCII));
        assertThat(server.getInputStream().readNBytes(3)).asString().isEqualTo("ask");
        server.getOutputStream().write("answer".getBytes(StandardCharsets.US_ASCII));
        assertThat(client.getInputStream().readNBytes(6)).asString().isEqualTo("answer");

        assertThat(tap.events().getFirst()).isInstanceOfSatisfying(StreamEvent.Opened.class, opened -> {
            assertThat(opened.client()).isEqualTo(client.getLocalSocketAddress());
            assertThat(opened.server()).isEqualTo(port.address());
        });
        assertThat(text(Direction.TO_SERVER)).isEqualTo("ask");
        assertThat(text(Direction.TO_CLIENT)).isEqualTo("answer");
    }

    @Test
    void aFinIsPassedOnAsAFinAndTheOtherDirectionGoesOn() throws IOException {
        client.shutdownOutput();
        assertThat(server.getInputStream().read()).isEqualTo(-1);
        server.getOutputStream().write('x');
        assertThat(client.getInputStream().read()).isEqualTo('x');

        assertThat(tap.events())
                .anySatisfy(event -> assertThat(event)
                        .isInstanceOfSatisfying(
                                StreamEvent.Fin.class,
                                fin -> assertThat(fin.direction()).isEqualTo(Direction.TO_SERVER)));
    }

    @Test
    void aResetOfTheAppIsPassedOnAsAReset() throws IOException {
        server.setSoLinger(true, 0);
        server.close();

        assertThatThrownBy(() -> client.getInputStream().read()).isInstanceOf(SocketException.class);
        assertThat(resets()).containsExactly(Direction.TO_CLIENT);
    }

    @Test
    void aResetOfEnvoyIsPassedOnAsAReset() throws IOException {
        client.setSoLinger(true, 0);
        client.close();

        assertThatThrownBy(() -> server.getInputStream().read()).isInstanceOf(SocketException.class);
        assertThat(resets()).containsExactly(Direction.TO_SERVER);
    }

    @Test
    void whereNobodyListensTheConnectionIsReset() throws IOException {
        // A port that is taken, and on which nobody listens.
        try (var nobody = new Socket()) {
            nobody.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            var lonely = tap.port();
            lonely.passOnTo((InetSocketAddress) nobody.getLocalSocketAddress());
            try (var socket =
                    new Socket(lonely.address().getAddress(), lonely.address().getPort())) {
                socket.setSoTimeout(PATIENCE_MILLIS);
                assertThatThrownBy(() -> socket.getInputStream().read()).isInstanceOf(SocketException.class);
            }
        }
    }

    @Test
    void aConnectionTooManyIsResetAndToldOnceAndTheOthersGoOn() throws IOException {
        try (var _ = connection()) {
            for (int i = 0; i < 3; i++) {
                try (var third = connection()) {
                    assertThatThrownBy(() -> third.getInputStream().read()).isInstanceOf(SocketException.class);
                }
            }
        }
        client.getOutputStream().write('x');
        assertThat(server.getInputStream().read()).isEqualTo('x');

        assertThat(tap.refused()).isEqualTo(3);
        assertThat(complaints)
                .containsExactly("A connection to the app was reset here and not by the app: more than 2 connections"
                        + " to it are open at once. Envoy's 503 for it is not the app's doing, nor for further ones.");
    }

    @Test
    void whoeverLeavesMakesRoom() throws IOException {
        Thread.ofVirtual().start(() -> {
            while (!app.isClosed()) {
                try (var accepted = app.accept()) {
                    accepted.getOutputStream().write('y');
                } catch (IOException e) {
                    // closed at the end of the test
                }
            }
        });
        for (int i = 0; i < 3; i++) {
            await().atMost(Duration.ofMillis(PATIENCE_MILLIS)).until(this::passes);
        }
    }

    /** Whether another connection reaches the app; the tap counts one that has ended a little longer. */
    private boolean passes() throws IOException {
        try (var socket = connection()) {
            socket.getOutputStream().write('x');
            socket.shutdownOutput();
            if (socket.getInputStream().read() != 'y') {
                return false;
            }
        } catch (SocketException e) {
            return false;
        }
        return true;
    }

    @Test
    void whatIsKeptHasABoundThatCountsEachEvent() throws IOException {
        for (int i = 0; i < 1_000; i++) {
            client.getOutputStream().write('x');
            assertThat(server.getInputStream().read()).isEqualTo('x');
        }

        assertThat(tap.events()).hasSizeBetween(100, 600);
        assertThat(tap.overflown()).isTrue();
    }

    @Test
    void closingTheTapEndsBothEnds() throws IOException {
        tap.close();

        assertThat(ended(client)).isTrue();
        assertThat(ended(server)).isTrue();
    }

    private Socket connection() throws IOException {
        var socket = new Socket(port.address().getAddress(), port.address().getPort());
        socket.setSoTimeout(PATIENCE_MILLIS);
        return socket;
    }

    /** Its end or a reset; nothing for so long is neither. */
    private static boolean ended(Socket socket) throws IOException {
        try {
            return socket.getInputStream().read() == -1;
        } catch (SocketException e) {
            return true;
        }
    }

    private List<Direction> resets() {
        return tap.events().stream()
                .filter(StreamEvent.Reset.class::isInstance)
                .map(event -> ((StreamEvent.Reset) event).direction())
                .toList();
    }

    private String text(Direction direction) {
        var text = new StringBuilder();
        for (var event : tap.events()) {
            if (event instanceof StreamEvent.Data data && data.direction() == direction) {
                text.append(new String(data.bytes().toArray(), StandardCharsets.US_ASCII));
            }
        }
        return text.toString();
    }
}
