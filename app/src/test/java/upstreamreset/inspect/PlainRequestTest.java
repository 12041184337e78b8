// SPDX-License-Identifier: Apache-2.0
package upstreamreset.inspect;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import upstreamreset.http1.RequestReader;

class PlainRequestTest {
    private static final String PLAIN =
            "GET /a?b=1 HTTP/1.1\r\nHost: h\r\nUser-Agent: c\r\nX-Request-Id: 7\r\nConnection: Upgrade\r\n\r\n";

    @Test
    void aPlainRequestIsKnownWithItsLastByteAndNotBefore() {
        assertThat(length(PLAIN)).isEqualTo(PLAIN.length());
        assertThat(length(PLAIN + PLAIN)).isEqualTo(PLAIN.length());
        for (int cut = 0; cut < PLAIN.length(); cut++) {
            assertThat(length(PLAIN.substring(0, cut))).as("%d", cut).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HEAD / HTTP/1.1\r\nHost: h\r\n\r\n",
                "CONNECT h:1 HTTP/1.1\r\nHost: h\r\n\r\n",
                "POST / HTTP/1.1\r\nContent-Length: 5\r\n\r\nhello",
                "POST / HTTP/1.1\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n",
                "GET / HTTP/1.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n",
                "GET / HTTP/1.1\nHost: h\n\n",
                "GET / HTTP/1.1\r\nHost : h\r\n\r\n",
                "GET  HTTP/1.1\r\n\r\n",
                "PRI * HTTP/2.0\r\n\r\n",
            })
    void whatChangesHowAnythingIsReadIsForTheReader(String request) {
        assertThat(length(request)).isZero();
    }

    @Test
    void whatItKnowsTheReaderReadsTheSame() {
        var random = new Random(8);
        var fields =
                List.of("Host: h", "upgrade: x", "Content-Length: 0", "Connection: upgrade", "X:", "Te : x", "\tX: y");
        int plain = 0;
        for (int round = 0; round < 30_000; round++) {
            var text = new StringBuilder(random.nextInt(9) == 0 ? "HEAD" : "GET")
                    .append(" /")
                    .append(round);
            text.append(" HTTP/1.").append(random.nextInt(2)).append("\r\n");
            for (int i = random.nextInt(4); i > 0; i--) {
                text.append(fields.get(random.nextInt(fields.size()))).append("\r\n");
            }
            text.append("\r\n");
            for (int edits = random.nextInt(2); edits > 0; edits--) {
                text.setCharAt(random.nextInt(text.length()), "\r\n :;aZ\t\u0000\u00e9".charAt(random.nextInt(10)));
            }
            var bytes = text.toString().getBytes(StandardCharsets.ISO_8859_1);
            int length = PlainRequest.length(bytes, 0, bytes.length);
            if (length > 0) {
                plain++;
                var reader = new RequestReader();
                assertThat(reader.feed(bytes, 0, bytes.length))
                        .as(text.toString())
                        .isEqualTo(length);
                var context = reader.head().orElseThrow().context();
                assertThat(context.upgrade()).as(text.toString()).isFalse();
                assertThat(context.method()).as(text.toString()).isNotIn("HEAD", "CONNECT");
                assertThat(reader.atItsStart()).as(text.toString()).isTrue();
                assertThat(new SeenRequest.Plain(upstreamreset.wire.Bytes.of(Arrays.copyOf(bytes, length)), 1)
                                .read()
                                .target())
                        .isEqualTo(reader.head().orElseThrow().target());
            }
        }
        assertThat(plain).isBetween(3_000, 29_000);
    }

    private static int length(String request) {
        var bytes = request.getBytes(StandardCharsets.ISO_8859_1);
        return PlainRequest.length(bytes, 0, bytes.length);
    }
}
