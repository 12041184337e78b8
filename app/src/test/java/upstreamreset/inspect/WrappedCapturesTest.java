// SPDX-License-Identifier: Apache-2.0
package upstreamreset.inspect;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import upstreamreset.http1.Rule;
import upstreamreset.verdict.Finding;

/** A response that is wrong, in one kind of wrapping each. */
class WrappedCapturesTest {
    @ParameterizedTest
    @CsvSource({
        "30-vxlan, 1, 10",
        "33-gre, 1, 10",
        "36-snap, 1, 10",
        "38-vlan4, 1, 10",
        "40-nflog, 1, 10",
        "60-two-pcaps-concatenated, 2, 20"
    })
    void theResponseIsFound(String name, int responses, int packets) throws Exception {
        var found = new ArrayList<InspectedResponse>();
        var summary = CaseCaptures.read(name + ".pcap", new Inspection("1.40.0", true, found::add));
        assertThat(summary.packets()).isEqualTo(packets);
        assertThat(summary.segments()).isEqualTo(packets);
        assertThat(summary.others()).isEmpty();
        assertThat(summary.stopped()).isEmpty();
        assertThat(found)
                .hasSize(responses)
                .allSatisfy(each -> assertThat(each.judged().findings())
                        .extracting(Finding::rule)
                        .contains(Rule.DUPLICATE_TRANSFER_ENCODING));
    }
}
