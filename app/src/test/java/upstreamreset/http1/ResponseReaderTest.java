// SPDX-License-Identifier: Apache-2.0
package upstreamreset.http1;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import upstreamreset.wire.Bytes;

class ResponseReaderTest {
    @Test
    void chunksAreCountedAndTakenOff() {
        var report = read("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n6\r\nChunk\n\r\n3\r\nabc\r\n0\r\n\r\n");

        assertThat(report.complete()).isTrue();
        assertThat(report.status()).isEqualTo(200);
        assertThat(report.framing()).isEqualTo(BodyFraming.CHUNKED);
        assertThat(report.chunks()).isEqualTo(2);
        assertThat(report.body()).isEqualTo(Bytes.latin1("Chunk\nabc"));
        assertThat(report.violations()).isEmpty();
    }

    @Test
    void theDoubledTransferEncodingIsNamedLineByLineAndReadOn() {
        var head = "HTTP/1.1 200 OK\r\n";
        var report = read(head + "Transfer-Encoding: Chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n");

        assertThat(report.violations())
                .containsExactly(
                        new Violation(
                                Rule.DUPLICATE_TRANSFER_ENCODING, head.length(), 28, "Transfer-Encoding: Chunked"),
                        new Violation(
                                Rule.DUPLICATE_TRANSFER_ENCODING,
                                head.length() + 28,
                                28,
                                "Transfer-Encoding: chunked"));
        assertThat(report.complete()).isTrue();
        assertThat(report.chunks()).isZero();
    }

    @Test
    void interimResponsesComeBeforeTheFinalOne() {
        var report = read("HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi");

        assertThat(report.interim()).extracting(FramingReport::status).containsExactly(103);
        assertThat(report.offset()).isEqualTo(37);
        assertThat(report.body()).isEqualTo(Bytes.latin1("hi"));
    }

    @Test
    void aCutBodyIsNotComplete() {
        var report = read("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nabc");

        assertThat(report.completeness()).isEqualTo(Completeness.IN_BODY);
        assertThat(report.violations()).extracting(Violation::rule).containsExactly(Rule.CUT_IN_BODY);
    }

    @Test
    void anotherProtocolIsNamed() {
        assertThat(read("SSH-2.0-OpenSSH_9.2\r\n").violations())
                .extracting(Violation::rule)
                .containsExactly(Rule.SPEAKS_SSH);
        assertThat(read("\25\3\1\0\2\2\50").violations())
                .extracting(Violation::rule)
                .containsExactly(Rule.SPEAKS_TLS);
    }

    @Test
    void bytesAfterTheEndAreNoted() {
        var report = read("HTTP/1.1 204 No Content\r\n\r\nhello");

        assertThat(report.violations()).containsExactly(new Violation(Rule.BYTES_AFTER_END, 27, 5, "hello"));
        assertThat(report.end()).isEqualTo(27);
    }

    private static FramingReport read(String response) {
        return ResponseReader.read("GET", response.getBytes(StandardCharsets.ISO_8859_1), CloseReason.FIN);
    }

    @Test
    void aSwitchThatNobodyAskedForIsNamed() {
        var bytes = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1);
        var upgraded = new ResponseReader(new RequestContext("GET", true), 0);
        upgraded.feed(bytes, 0, bytes.length);

        assertThat(ResponseReader.read("GET", bytes, CloseReason.OPEN).violations())
                .containsExactly(new Violation(Rule.UNASKED_SWITCH, 0, 32, "HTTP/1.1 101 Switching Protocols"));
        assertThat(upgraded.tunnel()).isTrue();
        assertThat(upgraded.finish(CloseReason.OPEN).violations()).isEmpty();
    }

    @Test
    void aControlCharacterInANameIsTheNamesFault() {
        var named = read("HTTP/1.1 200 OK\r\nX\u0000Y: a\r\nContent-Length: 0\r\n\r\n");
        assertThat(named.violations()).extracting(Violation::rule).containsExactly(Rule.INVALID_FIELD_NAME);
        var valued = read("HTTP/1.1 200 OK\r\nXY: a\u0000\r\nContent-Length: 0\r\n\r\n");
        assertThat(valued.violations()).extracting(Violation::rule).containsExactly(Rule.INVALID_FIELD_VALUE);
    }
}
