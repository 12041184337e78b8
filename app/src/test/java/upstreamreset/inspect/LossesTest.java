// SPDX-License-Identifier: Apache-2.0
package upstreamreset.inspect;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What was lost, cut or not captured makes no finding, and the other responses keep their requests. */
class LossesTest {
    @ParameterizedTest
    @CsvSource({
        "01-drop-one-response-packet.pcap, /2 /3 /4 /5",
        "03-hole-in-content-length-body.pcap, /1 /2 /3",
        "04-begins-with-a-response.pcap, ? /2 /3",
        "05-snaplen-96.pcap, ?",
        "09-websocket-server-side-only.pcap, ?",
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

    private static List<InspectedResponse> inspected(String file) throws IOException {
        var found = new ArrayList<InspectedResponse>();
        CaseCaptures.read(file, new Inspection("1.40.0", true, found::add));
        return found;
    }
}
