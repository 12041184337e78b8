// SPDX-License-Identifier: Apache-2.0
package upstreamreset.verdict;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import upstreamreset.codec.OneSegment;
import upstreamreset.http1.CloseReason;
import upstreamreset.http1.ResponseReader;
import upstreamreset.http1.Rule;

class RemedyTest {
    @ParameterizedTest
    @EnumSource
    void everyRuleHasACauseAndAFix(Rule rule) {
        var remedy = Remedy.of(rule);

        assertThat(remedy.cause()).isNotBlank().endsWith(".");
        assertThat(remedy.fix()).isNotBlank().endsWith(".");
    }

    @Test
    void theFindingThatExplainsTheVerdictComesFirst() {
        var judged = judged("HTTP/1.1 200 OK\nX : a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n");

        assertThat(judged.findings()).extracting(Finding::rule).startsWith(Rule.SPACE_BEFORE_COLON, Rule.BARE_LF);
    }

    @Test
    void whatOnlyEnvoyRefusesIsAFindingToo() {
        var judged = judged("HTTP/1.1 200 OK\r\n" + "Set-Cookie: a=b\r\n".repeat(101) + "Content-Length: 0\r\n\r\n");

        assertThat(judged.findings()).extracting(Finding::rule).containsExactly(Rule.TOO_MANY_FIELDS);
    }

    private static JudgedResponse judged(String response) {
        var bytes = response.getBytes(StandardCharsets.ISO_8859_1);
        return JudgedResponse.of(
                new JudgedResponse.Request("GET", "/", Optional.empty()),
                ResponseReader.read("GET", bytes, CloseReason.OPEN),
                "nobody",
                OneSegment.judge("1.40.0", "GET", bytes, CloseReason.OPEN),
                false);
    }
}
