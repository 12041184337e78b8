// SPDX-License-Identifier: Apache-2.0
package upstreamreset.sidecar;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import upstreamreset.accesslog.Side;
import upstreamreset.envoy.EnvoyOutput;
import upstreamreset.lab.SidecarLog;
import upstreamreset.page.Story;
import upstreamreset.page.Story.Tone;

/** The page of a sidecar's run has every faulty request within its bound, with a true sentence for each ending. */
class SidecarStoriesTest {
    private final SidecarStories stories = new SidecarStories();

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            200 - via_upstream                                                    | GOOD    | passes. It passed the app's response on as it was.
            502 UPE upstream_reset_before_response_started{protocol_error}        | BAD     | answered instead.
            503 UF upstream_reset_before_response_started{remote_connection_failure} | BAD  | answered instead.
            200 DC downstream_remote_disconnect                                   | UNKNOWN | nothing was wrong until then.
            101 UC upstream_reset_after_response_started{connection_termination}  | GOOD    | then it ended.
            """)
    void eachEndingHasItsSentence(String words, Tone tone, String sentence) throws IOException {
        stories.add(request(Side.SERVER, "id-1", words));

        assertThat(stories.stories()).singleElement().satisfies(story -> {
            assertThat(story.title()).startsWith("GET /x → " + words.split(" ", 3)[0]);
            assertThat(story.tone()).isEqualTo(tone);
            assertThat(story.verdict()).endsWith(sentence);
        });
    }

    @Test
    void thePictureSaysWhyTheAppSentNothing() throws IOException {
        stories.add(
                request(Side.SERVER, "1", "503 UF upstream_reset_before_response_started{remote_connection_failure}"));
        stories.add(request(Side.SERVER, "2", "404 NR route_not_found"));

        assertThat(stories.stories())
                .extracting(story -> sequence(story).steps().get(1).text())
                .containsExactly("could not connect to the app", "did not ask the app");
    }

    /** Envoy passed a response on, or the bytes that it refused: more passed at once than is kept. */
    @ParameterizedTest
    @ValueSource(strings = {"200 - via_upstream", "502 UPE upstream_reset_before_response_started{protocol_error}"})
    void ofBytesThatAreNotKeptNobodySaysThatTheyWereNotSent(String words) throws IOException {
        stories.add(request(Side.SERVER, "1", words));

        var story = stories.stories().getFirst();
        assertThat(sequence(story).steps().get(1).text()).isEqualTo("no bytes of the app were seen");
        assertThat(story.parts())
                .filteredOn(Story.Wire.class::isInstance)
                .singleElement()
                .extracting(each -> ((Story.Wire) each).heading())
                .isEqualTo("The app's bytes that were seen");
    }

    @Test
    void bothLinesOfARequestAreOneStory() throws IOException {
        stories.add(request(Side.SERVER, "id-1", "502 UPE upstream_reset_before_response_started{protocol_error}"));
        stories.add(request(Side.CLIENT, "id-1", "502 - via_upstream"));
        stories.add(request(Side.SERVER, "id-2", "200 - via_upstream"));

        assertThat(stories.stories())
                .extracting(story -> sequence(story).lanes())
                .containsExactly(
                        List.of("client", "client's sidecar", "server's sidecar", "app"),
                        List.of("client", "server's sidecar", "app"));
    }

    @Test
    void aRequestIdThatComesTwiceIsTwoRequests() throws IOException {
        stories.add(request(Side.SERVER, "id-1", "200 - via_upstream"));
        stories.add(request(Side.SERVER, "id-1", "200 - via_upstream"));
        stories.add(request(Side.SERVER, "-", "200 - via_upstream"));
        stories.add(request(Side.SERVER, "-", "200 - via_upstream"));

        assertThat(stories.stories()).hasSize(4);
    }

    @Test
    void beyondTheBoundTheFaultyRequestsStay() throws IOException {
        for (int i = 0; i < SidecarStories.MAX_REQUESTS; i++) {
            stories.add(request(Side.SERVER, "good" + i, "200 - via_upstream"));
            if (i % 20 == 0) {
                stories.add(request(
                        Side.SERVER, "bad" + i, "502 UPE upstream_reset_before_response_started{protocol_error}"));
            }
        }

        assertThat(stories.stories()).hasSize(SidecarStories.MAX_REQUESTS);
        assertThat(stories.stories().subList(0, 10)).extracting(Story::tone).containsOnly(Tone.BAD);
        assertThat(stories.omitted()).isEqualTo(10);
    }

    private static Story.Sequence sequence(Story story) {
        return (Story.Sequence) story.parts().getFirst();
    }

    private static PassedRequest request(Side side, String id, String words) throws IOException {
        var line = "[2026-11-29T16:00:00.000Z] \"GET /x HTTP/1.1\" " + words
                + " - \"-\" 0 4 1003 - \"-\" \"curl/7.88.1\" \"" + id + "\" \"localhost\" \"127.0.0.1:1\" "
                + (side == Side.CLIENT ? "outbound|8080||a" : "inbound|8080||")
                + " 127.0.0.6:2 127.0.0.1:3 127.0.0.1:4 - default";
        var log = new SidecarLog(side, line, EnvoyOutput.entry(line));
        return PassedRequest.of(log, "", "1.40.0", Optional.empty(), false);
    }
}
