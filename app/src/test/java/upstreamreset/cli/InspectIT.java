// SPDX-License-Identifier: Apache-2.0
package upstreamreset.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.ObjectMapper;
import upstreamreset.capture.CaptureWriter;
import upstreamreset.tcp.Direction;
import upstreamreset.tcp.StreamEvent;
import upstreamreset.testing.RealParts;
import upstreamreset.testing.Tshark;
import upstreamreset.wire.Bytes;

/** Captures that real sniffers made on this machine's loopback, tshark as the second opinion. */
class InspectIT {
    private static final String WRONG =
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: Chunked\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nOK\r\n0\r\n\r\n";

    @TempDir
    Path folder;

    @ParameterizedTest
    @Tag("root")
    @ValueSource(
            strings = {
                "tcpdump -Z root -i lo -U -w FILE",
                "tcpdump -Z root -i any -U -w FILE",
                "tcpdump -Z root -i lo --nano -U -w FILE",
                "dumpcap -i lo -w FILE"
            })
    void theDoubledHeaderIsFoundAsTsharkFindsIt(String sniffer) throws Exception {
        // Given
        var file = folder.resolve("real.pcap");
        try (var server = new ServerSocket(0, 5, InetAddress.ofLiteral("127.0.0.1"))) {
            // When
            capture(sniffer.replace("FILE", file.toString()), file, server);
            // Then
            var out = new StringWriter();
            var err = new StringWriter();
            int code = Main.run(
                    new PrintWriter(out), new PrintWriter(err), "inspect", "--output", "json", file.toString());
            assertThat(code).as(err.toString()).isEqualTo(Main.FOUND);
            var found = out.toString().lines().toList();
            assertThat(found).hasSize(2);
            assertThat(found.getLast()).contains("\"summary\":{\"packets\":");
            var json = new ObjectMapper().readTree(found.getFirst());
            assertThat(json.at("/request/target").asString()).isEqualTo("/wrong");
            assertThat(json.at("/findings/0/rule").asString()).isEqualTo("duplicate-transfer-encoding");
            assertThat(json.at("/findings/0/offset").asInt()).isEqualTo(17);
            assertThat(json.at("/closedBy").asString()).isEqualTo("server FIN");
            assertThat(Tshark.of(
                            file,
                            "-d",
                            "tcp.port==" + server.getLocalPort() + ",http",
                            "-Y",
                            "count(http.transfer_encoding) > 1",
                            "-T",
                            "fields",
                            "-e",
                            "tcp.stream"))
                    .startsWith(json.at("/stream").asString());
        }
    }

    @Test
    void ctrlCIsAnsweredWithWhatCameUntilThen() throws Exception {
        // Given
        var log = folder.resolve("inspect.err");
        var out = folder.resolve("inspect.out");
        var process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        RealParts.jar().toString(),
                        Main.class.getName(),
                        "inspect",
                        "-")
                .redirectOutput(out.toFile())
                .redirectError(log.toFile())
                .start();
        try (var sniffer = process.getOutputStream()) {
            sniffer.write(exchanges(1));
            sniffer.flush();
            Awaitility.await()
                    .atMost(Duration.ofMinutes(1))
                    .untilAsserted(() -> assertThat(out).content().contains("GET /wrong → 200"));
            // When the sniffer, which got the signal too, has some more to say before it ends
            process.toHandle().destroy();
            for (byte b : exchanges(200)) {
                sniffer.write(b);
                sniffer.flush();
            }
        } finally {
            // Then
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        }
        assertThat(log).content().contains("201 responses, 201 with findings");
    }

    /** Whoever fills the pipe may be deaf to Ctrl-C: kubectl exec, ssh. */
    @ParameterizedTest
    @ValueSource(strings = {"", "--output json", "--html page.html"})
    void ctrlCIsAnsweredAlsoWhereThePipeStaysOpen(String options) throws Exception {
        var log = folder.resolve("inspect.err");
        var out = folder.resolve("inspect.out");
        var command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                RealParts.jar().toString(),
                Main.class.getName(),
                "inspect",
                "-"));
        command.addAll(List.of(options.split(" ")));
        command.removeIf(String::isEmpty);
        // Not from a shell of ours: it would have the signal ignored.
        var process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectOutput(out.toFile())
                .redirectError(log.toFile())
                .start();
        try (var sniffer = process.getOutputStream()) {
            // A response on a connection that stays open, and nothing after it
            sniffer.write(open());
            sniffer.flush();
            Awaitility.await()
                    .atMost(Duration.ofMinutes(1))
                    .untilAsserted(
                            () -> assertThat(out).content().contains("/wrong").contains("duplicate-transfer-encoding"));
            process.toHandle().destroy();
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        }
        assertThat(log).content().contains("1 connection, 1 response, 1 with findings");
        if (options.contains("json")) {
            assertThat(out).content().contains("\"summary\":{\"packets\":");
        }
        if (options.contains("html")) {
            assertThat(folder.resolve("page.html"))
                    .content()
                    .contains("duplicate-transfer-encoding")
                    .endsWith("</script>\n");
        }
    }

    private static byte[] open() throws Exception {
        var loopback = InetAddress.ofLiteral("127.0.0.1");
        var file = new ByteArrayOutputStream();
        CaptureWriter.write(
                file,
                List.of(
                        new StreamEvent.Opened(
                                0,
                                Instant.EPOCH,
                                new InetSocketAddress(loopback, 40_000),
                                new InetSocketAddress(loopback, 8080)),
                        new StreamEvent.Data(
                                0, Instant.EPOCH, Direction.TO_SERVER, Bytes.latin1("GET /wrong HTTP/1.1\r\n\r\n")),
                        new StreamEvent.Data(0, Instant.EPOCH, Direction.TO_CLIENT, Bytes.latin1(WRONG))));
        return file.toByteArray();
    }

    private static byte[] exchanges(int count) throws Exception {
        var loopback = InetAddress.ofLiteral("127.0.0.1");
        var events = new ArrayList<StreamEvent>();
        for (int i = 0; i < count; i++) {
            events.add(new StreamEvent.Opened(
                    i,
                    Instant.EPOCH,
                    new InetSocketAddress(loopback, 40_000 + 200 * (count % 2) + i),
                    new InetSocketAddress(loopback, 8080)));
            events.add(new StreamEvent.Data(
                    i, Instant.EPOCH, Direction.TO_SERVER, Bytes.latin1("GET /wrong HTTP/1.1\r\n\r\n")));
            events.add(new StreamEvent.Data(i, Instant.EPOCH, Direction.TO_CLIENT, Bytes.latin1(WRONG)));
            events.add(new StreamEvent.Fin(i, Instant.EPOCH, Direction.TO_CLIENT));
            events.add(new StreamEvent.Fin(i, Instant.EPOCH, Direction.TO_SERVER));
        }
        var file = new ByteArrayOutputStream();
        CaptureWriter.write(file, events);
        return file.toByteArray();
    }

    private void capture(String command, Path file, ServerSocket server) throws Exception {
        var words = List.of(command.split(" "));
        var arguments = new ArrayList<>(words);
        arguments.set(0, RealParts.program(words.getFirst()).toString());
        if (words.getFirst().equals("dumpcap")) {
            arguments.add("-f");
        }
        arguments.add("tcp port " + server.getLocalPort());
        var log = folder.resolve("sniffer.log");
        var process = new ProcessBuilder(arguments)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        try {
            Awaitility.await().atMost(Duration.ofMinutes(1)).until(() -> {
                if (!process.isAlive()) {
                    throw RealParts.missing(command + " cannot capture here: " + Files.readString(log));
                }
                var text = Files.readString(log);
                return text.contains("listening on") || (text.contains("File: ") && Files.exists(file));
            });
            exchange(server, "/wrong", WRONG);
            // Packets are written in their order: when the second connection is there, so is all of the first.
            exchange(server, "/last", "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
            Awaitility.await()
                    .atMost(Duration.ofMinutes(1))
                    .untilAsserted(() -> assertThat(Files.readString(file, StandardCharsets.ISO_8859_1))
                            .contains("GET /last "));
        } finally {
            process.destroy();
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        }
    }

    private static void exchange(ServerSocket server, String path, String response) throws Exception {
        var answering = Thread.ofVirtual().start(() -> {
            try (var socket = server.accept()) {
                socket.setSoTimeout(60_000);
                var read = socket.getInputStream().read(new byte[4_096]);
                assertThat(read).isPositive();
                socket.getOutputStream().write(response.getBytes(StandardCharsets.ISO_8859_1));
            } catch (java.io.IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        });
        try (var socket = new Socket(server.getInetAddress(), server.getLocalPort())) {
            socket.setSoTimeout(60_000);
            socket.getOutputStream()
                    .write(("GET " + path + " HTTP/1.1\r\nHost: a\r\n\r\n").getBytes(StandardCharsets.ISO_8859_1));
            assertThat(socket.getInputStream().readAllBytes()).hasSize(response.length());
        }
        answering.join();
    }
}
