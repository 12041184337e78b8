// SPDX-License-Identifier: Apache-2.0
package upstreamreset.inspect;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import upstreamreset.capture.CaptureReader;
import upstreamreset.http1.CloseReason;
import upstreamreset.http1.Fixtures;
import upstreamreset.http1.ResponseReader;
import upstreamreset.http1.Rule;
import upstreamreset.http1.Violation;
import upstreamreset.tcp.StreamAssembler;
import upstreamreset.verdict.Finding;

/**
 * The captures that {@code inspect}'s start-up cache is trained with have what its classes are for; what is missing is added
 * with {@code mergecap}. A class that no training run loads comes out of the jar at every start.
 */
class TrainingCaptureTest {
    private static final Pattern NUMBER = Pattern.compile("[0-9.]+");

    private final List<InspectedResponse> found = new ArrayList<>();
    private final Inspection inspection = new Inspection("1.40.0", true, found::add);

    @Test
    void everyRuleThatAFixtureBreaksIsBroken() throws IOException {
        read("training.pcap.gz");
        var broken = new HashSet<Rule>();
        for (var fixture : Fixtures.ALL) {
            var bytes = fixture.getBytes(StandardCharsets.ISO_8859_1);
            ResponseReader.read("GET", bytes, CloseReason.FIN).violations().stream()
                    .map(Violation::rule)
                    .forEach(broken::add);
        }
        assertThat(found)
                .flatExtracting(each -> each.judged().findings())
                .extracting(Finding::rule)
                .containsAll(broken);
    }

    @Test
    void everyKindOfConnectionIsThere() throws IOException {
        read("training.pcap.gz");
        assertThat(List.of(
                        inspection.totals().of("TLS"),
                        inspection.totals().of("HTTP/2"),
                        inspection.totals().other(),
                        (int) inspection.totals().unanswered()))
                .containsExactly(1, 1, 1, 1);
        assertThat(found).extracting(each -> each.judged().request().method()).contains("GET", "HEAD", "POST", "?");
        assertThat(found).extracting(each -> each.judged().closedBy()).containsAll(Set.of("server FIN", "server RST"));
        assertThat(found).extracting(each -> each.endpoints().clientText()).anyMatch(each -> each.startsWith("["));
        assertThat(found)
                .flatExtracting(InspectedResponse::notes)
                .extracting(note -> NUMBER.matcher(note).replaceAll("N"))
                .contains(
                        "N bytes of the response are missing from the capture: judged on the rest",
                        "the client ended the connection (RST) before the response was over",
                        "the client gave up after N s without an answer",
                        "the server ended the connection N s after its first request",
                        "a keep-alive race: the connection had been idle for N s, and the server ended it N s before the"
                                + " request");
    }

    @Test
    void theNewerFormatIsThereToo() throws IOException {
        read("training.pcapng.gz");
        assertThat(found).hasSize(1);
    }

    private void read(String name) throws IOException {
        new CaptureReader(name).read(Path.of("../scripts/lib", name), new StreamAssembler(inspection));
    }
}
