// SPDX-License-Identifier: Apache-2.0
package upstreamreset.http1;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import upstreamreset.http1.RawExchange.Receiver;
import upstreamreset.origin.RawOrigin;
import upstreamreset.origin.Writes;
import upstreamreset.scenario.WireScript;
import upstreamreset.scenario.WireStep;
import upstreamreset.wire.Bytes;

/** Each way in which an exchange can end, at a real server that writes whole and byte by byte, over a socket and a channel. */
class RawExchangeTest {
    private static final Duration LONG = Duration.ofSeconds(30);
    private static final Receiver UNTIL_COMPLETE = Receiver.untilComplete(LONG);
    private static final String HELLO = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";
    private static final String CUT = "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhello";

    @TempDir
    Path folder;

    /** How the client has its connection. */
    enum Over {
        SOCKET,
        CHANNEL;

        Transport connect(InetSocketAddress address) throws IOException {
            return switch (this) {
                case SOCKET -> Transport.connect(address, LONG);
                case CHANNEL -> Transport.of(SocketChannel.open(address));
            };
        }
    }

    static Stream<Arguments> ways() {
        return Arrays.stream(Writes.values())
                .flatMap(writes -> Arrays.stream(Over.values()).map(over -> Arguments.of(writes, over)));
    }

    @ParameterizedTest
    @MethodSource("ways")
    void aWholeResponseLeavesTheConnectionOpen(Writes writes, Over over) throws Exception {
        var got = exchange(writes, over, "GET", UNTIL_COMPLETE, send(HELLO), new WireStep.Close());

        assertThat(got.response().complete()).isTrue();
        assertThat(got.response().closedBy()).isEqualTo(CloseReason.OPEN);
        assertThat(got.response().body()).isEqualTo(Bytes.latin1("hello"));
        assertThat(got.received()).isEqualTo(Bytes.latin1(HELLO));
        assertThat(got.total()).isEqualTo(HELLO.length());
    }

    @ParameterizedTest
    @MethodSource("ways")
    void aChunkedBodyIsReadToItsLastChunk(Writes writes, Over over) throws Exception {
        var response = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n";

        var got = exchange(writes, over, "GET", UNTIL_COMPLETE, send(response));

        assertThat(got.response().complete()).isTrue();
        assertThat(got.response().chunks()).isEqualTo(2);
        assertThat(got.response().body()).isEqualTo(Bytes.latin1("hello"));
        assertThat(got.received()).isEqualTo(Bytes.latin1(response));
    }

    @ParameterizedTest
    @MethodSource("ways")
    void aResponseToHeadHasNoBody(Writes writes, Over over) throws Exception {
        var got = exchange(writes, over, "HEAD", UNTIL_COMPLETE, send("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n"));

        assertThat(got.response().complete()).isTrue();
        assertThat(got.response().bodyLength()).isZero();
    }

    @ParameterizedTest
    @MethodSource("ways")
    void interimResponsesComeBeforeTheFinalOne(Writes writes, Over over) throws Exception {
        var got = exchange(
                writes,
                over,
                "GET",
                UNTIL_COMPLETE,
                send("HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 100\r\n\r\n" + HELLO));

        assertThat(got.response().status()).isEqualTo(200);
        assertThat(got.response().interim()).extracting(FramingReport::status).containsExactly(103, 100);
    }

    @ParameterizedTest
    @MethodSource("ways")
    void finEndsACloseDelimitedBody(Writes writes, Over over) throws Exception {
        var got = exchange(
                writes, over, "GET", UNTIL_COMPLETE, send("HTTP/1.1 200 OK\r\n\r\nhello"), new WireStep.Close());

        assertThat(got.response().closedBy()).isEqualTo(CloseReason.FIN);
        assertThat(got.response().complete()).isTrue();
    }

    @ParameterizedTest
    @MethodSource("ways")
    void finInTheHeadOrInTheBodyCutsTheResponse(Writes writes, Over over) throws Exception {
        var head = exchange(
                writes, over, "GET", UNTIL_COMPLETE, send("HTTP/1.1 200 OK\r\nContent-"), new WireStep.Close());
        var body = exchange(writes, over, "GET", UNTIL_COMPLETE, send(CUT), new WireStep.Close());

        assertThat(head.response().closedBy()).isEqualTo(CloseReason.FIN);
        assertThat(head.response().completeness()).isEqualTo(Completeness.IN_HEAD);
        assertThat(rules(head)).containsExactly(Rule.CUT_IN_HEAD);
        assertThat(body.response().closedBy()).isEqualTo(CloseReason.FIN);
        assertThat(rules(body)).containsExactly(Rule.CUT_IN_BODY);
    }

    @ParameterizedTest
    @MethodSource("ways")
    void finWithoutAByteIsNoResponse(Writes writes, Over over) throws Exception {
        var got = exchange(writes, over, "GET", UNTIL_COMPLETE, new WireStep.Close());

        assertThat(got.response().closedBy()).isEqualTo(CloseReason.FIN);
        assertThat(got.total()).isZero();
        assertThat(rules(got)).containsExactly(Rule.NO_RESPONSE);
    }

    @ParameterizedTest
    @MethodSource("ways")
    void aResetIsToldApartFromFin(Writes writes, Over over) throws Exception {
        var got = exchange(writes, over, "GET", UNTIL_COMPLETE, send(CUT), new WireStep.Reset());

        assertThat(got.response().closedBy()).isEqualTo(CloseReason.RST);
        assertThat(got.response().complete()).isFalse();
    }

    @ParameterizedTest
    @MethodSource("ways")
    void weLeaveAResponseThatDoesNotEnd(Writes writes, Over over) throws Exception {
        Receiver impatient = (_, total) -> total < CUT.length() ? LONG.toMillis() : Receiver.LEAVE;

        var got = exchange(writes, over, "GET", impatient, send(CUT), new WireStep.Stall());

        assertThat(got.response().closedBy()).isEqualTo(CloseReason.LEFT);
        assertThat(got.response().completeness()).isEqualTo(Completeness.IN_BODY);
        assertThat(rules(got)).as("the sender's faults").isEmpty();
    }

    @ParameterizedTest
    @MethodSource("ways")
    void closingTheConnectionFromAnotherThreadIsToLeave(Writes writes, Over over) throws Exception {
        try (var origin = origin(writes, send(CUT), new WireStep.Stall());
                var transport = over.connect(origin.address())) {
            var got = request(transport, "GET")
                    .receive(
                            new Receiver() {
                                @Override
                                public long patience(ResponseReader response, long total) {
                                    if (total == CUT.length()) {
                                        Thread.ofVirtual().start(() -> close(transport));
                                    }
                                    return LONG.toMillis();
                                }
                            },
                            Integer.MAX_VALUE);

            assertThat(got.response().closedBy()).isEqualTo(CloseReason.LEFT);
            assertThat(got.received()).isEqualTo(Bytes.latin1(CUT));
        }
    }

    @ParameterizedTest
    @MethodSource("ways")
    void whoSendsNothingUntilWeLeaveHasNotAnswered(Writes writes, Over over) throws Exception {
        var left = exchange(writes, over, "GET", (_, _) -> Receiver.LEAVE, new WireStep.Stall());
        RawExchange.Response closed;
        try (var origin = origin(writes, new WireStep.Stall());
                var transport = over.connect(origin.address())) {
            var exchange = request(transport, "GET");
            Thread.ofVirtual().start(() -> close(transport));
            closed = exchange.receive(UNTIL_COMPLETE, Integer.MAX_VALUE);
        }

        for (var got : List.of(left, closed)) {
            assertThat(got.response().closedBy()).isEqualTo(CloseReason.OPEN);
            assertThat(rules(got)).containsExactly(Rule.NO_RESPONSE);
        }
    }

    @ParameterizedTest
    @MethodSource("ways")
    void anAnswerThatComesBeforeTheRequestIsReadCounts(Writes writes, Over over) throws Exception {
        // More than the buffers of both sides hold: a client that writes all of it first waits for ever.
        var request = Arrays.copyOf(bytes("POST", "Content-Length: 33554432\r\n"), 1 << 25);
        var script = List.of(new WireStep.ReadHead(), send(HELLO), new WireStep.Pause(LONG));
        try (var origin = RawOrigin.play(writes.of(new WireScript(WireScript.Protocol.HTTP_1, script)));
                var transport = over.connect(origin.address())) {
            var exchange = RawExchange.send(transport, request, RequestContext.of("POST"), 0);
            var got = exchange.receive(UNTIL_COMPLETE, 0);

            assertThat(got.response().complete()).isTrue();
            assertThat(exchange.sent(Duration.ZERO)).isFalse();
            close(transport);
            exchange.awaitSent();
            assertThat(exchange.sent(Duration.ZERO)).isTrue();
        }
    }

    @ParameterizedTest
    @MethodSource("ways")
    void whatFollowsTheResponseIsKeptAndIsSurplus(Writes writes, Over over) throws Exception {
        Receiver both = (_, total) -> total < 2L * HELLO.length() ? LONG.toMillis() : Receiver.ENOUGH;

        var got = exchange(writes, over, "GET", both, send(HELLO + HELLO));

        assertThat(got.response().complete()).isTrue();
        assertThat(got.response().end()).isEqualTo(HELLO.length());
        assertThat(got.received()).isEqualTo(Bytes.latin1(HELLO + HELLO));
        assertThat(rules(got)).containsExactly(Rule.BYTES_AFTER_END);
    }

    @ParameterizedTest
    @MethodSource("ways")
    void aConnectionCarriesOneExchangeAfterTheOther(Writes writes, Over over) throws Exception {
        try (var origin = origin(writes, send(HELLO));
                var transport = over.connect(origin.address())) {
            for (int i = 0; i < 3; i++) {
                var exchange = request(transport, "GET");
                assertThat(exchange.receive(UNTIL_COMPLETE, 1024).received()).isEqualTo(Bytes.latin1(HELLO));
                exchange.awaitSent();
            }
            assertThat(origin.calls()).isEqualTo(3);
        }
    }

    @ParameterizedTest
    @MethodSource("ways")
    void noMoreIsKeptThanWasAskedFor(Writes writes, Over over) throws Exception {
        try (var origin = origin(writes, send(HELLO));
                var transport = over.connect(origin.address())) {
            var got = RawExchange.send(transport, bytes("GET"), RequestContext.of("GET"), 2)
                    .receive(UNTIL_COMPLETE, 4);

            assertThat(got.received()).isEqualTo(Bytes.latin1("HTTP"));
            assertThat(got.total()).isEqualTo(HELLO.length());
            assertThat(got.response().body()).isEqualTo(Bytes.latin1("he"));
            assertThat(got.response().bodyLength()).isEqualTo(5);
        }
    }

    /** A channel's reads know no time. */
    @Test
    void silenceForLongerThanThePatienceLeavesTheConnectionOpen() throws Exception {
        Receiver patient = (_, total) -> total < CUT.length() ? LONG.toMillis() : 1;

        var got = exchange(Writes.WHOLE, Over.SOCKET, "GET", patient, send(CUT), new WireStep.Stall());

        assertThat(got.response().closedBy()).isEqualTo(CloseReason.OPEN);
        assertThat(rules(got)).containsExactly(Rule.NEVER_ENDS);
    }

    @Test
    void aUnixDomainSocketIsAConnectionToo() throws Exception {
        var address = UnixDomainSocketAddress.of(folder.resolve("s"));
        try (var server = ServerSocketChannel.open(StandardProtocolFamily.UNIX).bind(address)) {
            var whole = unix(server, address, HELLO, UNTIL_COMPLETE);
            var cut = unix(server, address, CUT, UNTIL_COMPLETE);

            assertThat(whole.response().complete()).isTrue();
            assertThat(whole.response().closedBy()).isEqualTo(CloseReason.OPEN);
            assertThat(cut.response().closedBy()).isEqualTo(CloseReason.FIN);
            assertThat(rules(cut)).containsExactly(Rule.CUT_IN_BODY);
        }
    }

    private static RawExchange.Response unix(
            ServerSocketChannel server, SocketAddress address, String response, Receiver receiver) throws IOException {
        var thread = Thread.ofVirtual().start(() -> {
            try (var connection = server.accept()) {
                var request = ByteBuffer.allocate(bytes("GET").length);
                while (request.hasRemaining()) {
                    connection.read(request);
                }
                connection.write(ByteBuffer.wrap(response.getBytes(StandardCharsets.ISO_8859_1)));
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        });
        try (var transport = Transport.of(SocketChannel.open(address))) {
            return request(transport, "GET").receive(receiver, Integer.MAX_VALUE);
        } finally {
            thread.interrupt();
        }
    }

    private static RawExchange.Response exchange(
            Writes writes, Over over, String method, Receiver receiver, WireStep... steps) throws IOException {
        try (var origin = origin(writes, steps);
                var transport = over.connect(origin.address())) {
            return request(transport, method).receive(receiver, Integer.MAX_VALUE);
        }
    }

    private static RawExchange request(Transport transport, String method) {
        return RawExchange.send(transport, bytes(method), RequestContext.of(method), Integer.MAX_VALUE);
    }

    private static byte[] bytes(String method) {
        return bytes(method, "Host: app\r\n");
    }

    private static byte[] bytes(String method, String fields) {
        return (method + " / HTTP/1.1\r\n" + fields + "\r\n").getBytes(StandardCharsets.US_ASCII);
    }

    private static RawOrigin origin(Writes writes, WireStep... steps) throws IOException {
        var script = Stream.concat(Stream.of(new WireStep.ReadRequest()), Arrays.stream(steps));
        return RawOrigin.play(writes.of(new WireScript(WireScript.Protocol.HTTP_1, script.toList())));
    }

    private static WireStep send(String text) {
        return new WireStep.Send(Bytes.latin1(text));
    }

    private static void close(Transport transport) {
        try {
            transport.close();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static List<Rule> rules(RawExchange.Response got) {
        return got.response().violations().stream().map(Violation::rule).toList();
    }
}
