// SPDX-License-Identifier: Apache-2.0
package upstreamreset.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import upstreamreset.accesslog.AccessLogEntry;
import upstreamreset.accesslog.LogField;
import upstreamreset.http1.CloseReason;
import upstreamreset.http1.ResponseReader;
import upstreamreset.page.Story.Tone;
import upstreamreset.verdict.JudgedResponse;
import upstreamreset.verdict.Outcome;
import upstreamreset.verdict.Verdict;
import upstreamreset.wire.Bytes;

class StoryPageTest {
    @TempDir
    Path folder;

    @Test
    void aLogLineIsTakenApartFieldByField() throws IOException {
        var page = written(new Story.LogLine("log", "[t1] \"GET /a HTTP/1.1\" 502 UPE x{y} - 0 87", entry("/a")));

        assertThat(page)
                .contains("<span data-field=\"response_code\" title=\"response code: The status that the client got")
                .contains(">502</span>")
                .contains("UPE: the upstream&#39;s response broke HTTP, so the proxy cut it off.")
                .contains(">87</span>");
    }

    @Test
    void secretsAndTheValuesOfQueriesAreHidden() throws IOException {
        var target = "/login?user=joe&token=T0psecret";
        var page = written(
                new Story.LogLine("log", "[t1] \"GET " + target + " HTTP/1.1\" 502 UPE x{y} - 0 87", entry(target)),
                new Story.Wire(
                        "app",
                        Bytes.latin1(
                                "HTTP/1.1 302 Found\r\nLocation: /next?token=T0psecret\r\nSet-Cookie: a=T0psecret\r\n\r\n"),
                        List.of(),
                        ""),
                new Story.Facts("facts", List.of(new Story.Fact("url", "http://a" + target))),
                new Story.Sequence(
                        "way", List.of("client", "app"), List.of(new Story.Step(0, 1, Tone.GOOD, target, target))));

        assertThat(page).doesNotContain("T0psecret", "joe").contains("/login?user=***&amp;token=*********");
    }

    @Test
    void theLinesToChangeStandBelowTheirRule() throws IOException {
        var sent =
                "HTTP/1.1 200 OK\r\nX-Powered-By: Express\r\nTransfer-Encoding: chunked\r\nContent-Length: 2\r\n\r\n0\r\n\r\n";
        var judged = JudgedResponse.of(
                new JudgedResponse.Request("GET", "/", Optional.empty()),
                ResponseReader.read("GET", sent.getBytes(StandardCharsets.US_ASCII), CloseReason.OPEN),
                "nobody",
                new Verdict(Outcome.RESETS_BEFORE, 502, "UPE", "", "", "1.40.0"),
                true);

        assertThat(written(Story.Advice.of("Why", judged)))
                .contains("framework: Express, by &quot;X-Powered-By: Express&quot;")
                .containsSubsequence(
                        "<b>transfer-encoding-and-content-length</b>",
                        "<p>in Express: Pass on only the fields that you need",
                        "<p>before</p><pre>",
                        "<p>after</p><pre>",
                        ".type(answer.headers.get(&#39;content-type&#39;))");
    }

    private String written(Story.Part... parts) throws IOException {
        var file = folder.resolve("story.html");
        StoryPage.write(file, "test", "", List.of(new Story("title", Tone.BAD, "verdict", List.of(parts))));
        return Files.readString(file);
    }

    private static AccessLogEntry entry(String path) {
        return new AccessLogEntry(Map.of(
                LogField.START_TIME, "t1",
                LogField.METHOD, "GET",
                LogField.PATH, path,
                LogField.PROTOCOL, "HTTP/1.1",
                LogField.RESPONSE_CODE, "502",
                LogField.RESPONSE_FLAGS, "UPE",
                LogField.BYTES_RECEIVED, "0",
                LogField.BYTES_SENT, "87"));
    }
}
