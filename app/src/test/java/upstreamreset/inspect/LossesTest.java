// SPDX-License-Identifier: Apache-2.0
package upstreamreset.inspect;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import upstreamreset.capture.CaptureFiles;
import upstreamreset.capture.CaptureReader;
import upstreamreset.http1.Rule;
import upstreamreset.tcp.StreamAssembler;
import upstreamreset.tcp.TcpSegment;

/** What was lost, cut or not captured makes no finding, and the other responses keep their requests. */
class LossesTest {
    @ParameterizedTest
    @CsvSource({
        "01-drop-one-response-packet.pcap, /2 /3 /4 /5",
        "03-hole-in-content-length-body.pcap, /1 /2 /3",
        "04-begins-with-a-response.pcap, ? /2 /3",
        "05-snaplen-96.pcap, ?",
        "09-websocket-server-side-only.pcap, ?",
        "16-challenge-ack-then-syn-again.pcap, /1",
        "18-three-responses-to-one-request.pcap, /1 /2 /3",
    })
    void theOthersKeepTheirRequests(String file, String targets) throws IOException {
        assertThat(inspected(file))
                .extracting(each -> each.judged().request().target())
                .containsExactly(targets.split(" "));
    }

    @ParameterizedTest
    @CsvSource({
        "01-drop-one-response-packet.pcap, 4",
        "01c-drop-one-of-300.pcap.gz, 299",
        "07-server-side-only-hole.pcap, 2"
    })
    void nothingThatIsMissingIsAFinding(String file, int responses) throws IOException {
        assertThat(inspected(file)).hasSize(responses).noneMatch(InspectedResponse::remarkable);
    }

    /** Response 1 has 51 bytes, counted from 0 as Wireshark's {@code follow} does: the next one begins at offset 51. */
    @Test
    void whatFollowsAResponseIsItsOwnSurplus() throws IOException {
        assertThat(inspected("18-three-responses-to-one-request.pcap")
                        .getFirst()
                        .judged()
                        .findings())
                .singleElement()
                .satisfies(each -> {
                    assertThat(each.rule()).isEqualTo(Rule.BYTES_AFTER_END);
                    assertThat(each.offset()).isEqualTo(51);
                });
    }

    @Test
    void theSameSynAfterAResetBeginsAfresh() throws IOException {
        assertThat(inspected("16-challenge-ack-then-syn-again.pcap"))
                .singleElement()
                .satisfies(each -> {
                    assertThat(each.judged().status()).isEqualTo(200);
                    assertThat(each.remarkable()).isFalse();
                    assertThat(each.stream()).isZero();
                });
    }

    @Test
    void ofBytesThatWereSentTwiceAndDifferentlyNothingIsFound() throws IOException {
        var wrong = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n";
        var packets = new ArrayList<>(CaptureFiles.exchange("GET / HTTP/1.1\r\n\r\n", wrong));
        assertThat(inspected(packets)).singleElement().matches(InspectedResponse::remarkable);
        packets.add(4, packets.get(3));
        assertThat(inspected(packets)).singleElement().matches(InspectedResponse::remarkable);
        packets.add(5, CaptureFiles.toClient(TcpSegment.ACK, 201, 119, wrong.replace("200 OK", "404 NO")));
        assertThat(inspected(packets)).singleElement().satisfies(each -> {
            assertThat(each.remarkable()).isFalse();
            assertThat(each.notes()).singleElement().asString().contains("sent twice");
        });
    }

    private static List<InspectedResponse> inspected(List<byte[]> packets) throws IOException {
        var found = new ArrayList<InspectedResponse>();
        new CaptureReader("test")
                .read(
                        new ByteArrayInputStream(CaptureFiles.pcap(packets)),
                        new StreamAssembler(new Inspection("1.40.0", true, found::add)));
        return found;
    }

    private static List<InspectedResponse> inspected(String file) throws IOException {
        var found = new ArrayList<InspectedResponse>();
        CaseCaptures.read(file, new Inspection("1.40.0", true, found::add));
        return found;
    }
}
