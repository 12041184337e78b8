// SPDX-License-Identifier: Apache-2.0
package upstreamreset.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import upstreamreset.inspect.Inspection;
import upstreamreset.inspect.StreamPage;
import upstreamreset.scenario.Catalogue;
import upstreamreset.tcp.Direction;
import upstreamreset.tcp.StreamEvent;
import upstreamreset.verdict.JudgedResponse;
import upstreamreset.verdict.Outcome;
import upstreamreset.verdict.Verdict;
import upstreamreset.wire.Bytes;

class ReproductionTest {
    private static final String ENVOY = "1.40.0";

    @Test
    void thePageShowsWhatTheRealEnvoyDidNotWhatTheModelSays(@TempDir Path folder) throws IOException {
        var events = new ArrayList<StreamEvent>();
        exchange(events, 0, "/before");
        int mark = events.size();
        exchange(events, 1, "/reproduced");
        var did =
                new Verdict(Outcome.RESETS_BEFORE, 502, "UPE", "upstream_reset", "the reason of the real codec", ENVOY);
        var reproduction = reproduction(UpstreamWire.of("GET", events, mark, ENVOY), did);
        var page = folder.resolve("page.html");

        var found = Reproduction.observed(Inspection.of(events, ENVOY), List.of(reproduction));
        StreamPage.write(page, "test", events, found);

        assertThat(Files.readString(page))
                .contains("GET /before: Envoy 1.40.0 would do: passes, 200 -")
                .contains(
                        "GET /reproduced: Envoy 1.40.0 did: resets-before, 502 UPE, &quot;the reason of the real codec&quot;");
    }

    private static Reproduction reproduction(UpstreamWire wire, Verdict did) {
        var request = new JudgedResponse.Request("GET", "/reproduced", Optional.empty());
        return new Reproduction(
                new Catalogue().find("wrong").orElseThrow(),
                wire.response(),
                Duration.ZERO,
                List.of(),
                wire.sent(),
                JudgedResponse.of(request, wire.response(), wire.closedBy(), did, true),
                wire.inspected(),
                wire.calls(),
                List.of());
    }

    private static void exchange(List<StreamEvent> events, int stream, String target) {
        var time = Instant.parse("2026-11-22T20:00:00Z").plusSeconds(stream);
        var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 8080);
        events.add(new StreamEvent.Opened(stream, time, address, address));
        events.add(new StreamEvent.Data(
                stream, time, Direction.TO_SERVER, Bytes.latin1("GET " + target + " HTTP/1.1\r\n\r\n")));
        events.add(new StreamEvent.Data(
                stream, time, Direction.TO_CLIENT, Bytes.latin1("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")));
    }
}
