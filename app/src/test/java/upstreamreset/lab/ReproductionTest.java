// SPDX-License-Identifier: Apache-2.0
package upstreamreset.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import upstreamreset.page.Story;
import upstreamreset.scenario.Catalogue;
import upstreamreset.tcp.Direction;
import upstreamreset.tcp.StreamEvent;
import upstreamreset.verdict.JudgedResponse;
import upstreamreset.verdict.Outcome;
import upstreamreset.verdict.Verdict;
import upstreamreset.wire.Bytes;
import upstreamreset.wire.Secrets;

class ReproductionTest {
    private static final String ENVOY = "1.40.0";

    @Test
    void theStorySaysWhatTheRealEnvoyDid() {
        var events = new ArrayList<StreamEvent>();
        exchange(events, 1, "/reproduced");
        var did =
                new Verdict(Outcome.RESETS_BEFORE, 502, "UPE", "upstream_reset", "the reason of the real codec", ENVOY);

        var story = ReproductionStory.of(reproduction(UpstreamWire.of("GET", events, 0, ENVOY), did));

        assertThat(story.title()).isEqualTo("GET /reproduced → 502 UPE");
        assertThat(story.verdict()).startsWith("Envoy 1.40.0 did: resets-before. ");
        assertThat(story.parts())
                .contains(new Story.Facts(
                        "Envoy's codec said",
                        List.of(new Story.Fact("at debug level", "the reason of the real codec"))));
    }

    @Test
    void credentialsAreHiddenUnlessSomebodyAsks() {
        var events = new ArrayList<StreamEvent>();
        exchange(events, 1, "/reproduced", "Set-Cookie: S3cret\r\nX: a\r\n");
        var did = new Verdict(Outcome.PASSES, 200, "-", "via_upstream", "", ENVOY);
        var reproduction = reproduction(UpstreamWire.of("GET", events, 0, ENVOY), did);
        assertThat(printed(reproduction)).contains("Set-Cookie: ******").doesNotContain("S3cret");
        assertThat(Secrets.showing(() -> printed(reproduction))).contains("Set-Cookie: S3cret");
    }

    private static String printed(Reproduction reproduction) {
        var out = new StringWriter();
        var writer = new PrintWriter(out);
        new ReproductionText(writer).print(reproduction);
        new ReproductionJson(writer).print(reproduction);
        writer.flush();
        return out.toString();
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
        exchange(events, stream, target, "");
    }

    private static void exchange(List<StreamEvent> events, int stream, String target, String fields) {
        var time = Instant.parse("2026-11-22T20:00:00Z").plusSeconds(stream);
        var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 8080);
        events.add(new StreamEvent.Opened(stream, time, address, address));
        events.add(new StreamEvent.Data(
                stream, time, Direction.TO_SERVER, Bytes.latin1("GET " + target + " HTTP/1.1\r\n\r\n")));
        events.add(new StreamEvent.Data(
                stream,
                time,
                Direction.TO_CLIENT,
                Bytes.latin1("HTTP/1.1 200 OK\r\n" + fields + "Content-Length: 2\r\n\r\nok")));
    }
}
