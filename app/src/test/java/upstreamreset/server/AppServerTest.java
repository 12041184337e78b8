// SPDX-License-Identifier: Apache-2.0
package upstreamreset.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class AppServerTest {
    @Test
    void wrongSendsBothTransferEncodingLines() throws Exception {
        try (var app = AppServer.start(ServeOptions.onFreePort().withStream(2, Duration.ofMillis(20)));
                var socket = new Socket(InetAddress.getLoopbackAddress(), app.port())) {
            socket.getOutputStream()
                    .write("GET /wrong HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
                            .getBytes(StandardCharsets.US_ASCII));
            var response = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
            assertThat(response)
                    .contains("Transfer-Encoding: Chunked\r\nTransfer-Encoding: chunked\r\n")
                    .endsWith("\r\n\r\n6\r\nChunk\n\r\n6\r\nChunk\n\r\n0\r\n\r\n");
        }
    }
}
