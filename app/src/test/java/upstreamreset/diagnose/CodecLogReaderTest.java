// SPDX-License-Identifier: Apache-2.0
package upstreamreset.diagnose;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Lines as Istio's proxies print them, of several requests at once. */
class CodecLogReaderTest {
    private static final String OURS = "11111111-1111-4111-8111-111111111111";

    private static String line(String level, String logger, int connection, String text, int thread) {
        return "2026-11-29T12:42:44.482808Z\t%s\tenvoy %s source/common/http/x.cc:191\t[Tags: \"ConnectionId\":\"%d\"] %s\tthread=%d"
                .formatted(level, logger, connection, text, thread);
    }

    private static String refusal(int connection, String reason, int thread) {
        return line(
                "debug",
                "client",
                connection,
                "Error dispatching received data: http/1.1 protocol error: " + reason,
                thread);
    }

    private static CodecWords read(String... lines) {
        var reader = new CodecLogReader(OURS);
        for (var line : lines) {
            reader.add(line);
        }
        return reader.read(true);
    }

    @Test
    void oneRefusalAloneIsOurs() {
        assertThat(read(refusal(25, "unsupported transfer encoding", 23)).reason())
                .contains("unsupported transfer encoding");
    }

    @Test
    void ofTwoReasonsNoneIsToldUnlessTheTraceProvesIt() {
        var words = read(refusal(25, "unsupported transfer encoding", 23), refusal(26, "HPE_INVALID_CONSTANT", 24));

        assertThat(words.reason()).isEmpty();
        assertThat(words.note()).contains("cannot be told");
    }

    @Test
    void theThreadAndTheRequestIdProveWhoseRefusalItIs() {
        var words = read(
                line("trace", "http", 7, "completed header: key=x-request-id value=other", 24),
                line("trace", "http", 8, "completed header: key=x-request-id value=" + OURS, 23),
                line("trace", "http", 26, "completed header: key=Server value=theirs", 24),
                line("trace", "http", 25, "completed header: key=Transfer-Encoding value=Chunked", 23),
                line("trace", "http", 25, "completed header: key=Set-Cookie value=abc", 23),
                line("trace", "http", 25, "completed header: key=Transfer-Encoding value=chunked", 23),
                refusal(26, "HPE_INVALID_CONSTANT", 24),
                refusal(25, "unsupported transfer encoding", 23),
                line(
                        "debug",
                        "http",
                        8,
                        "Sending local reply with details upstream_reset_before_response_started{protocol_error}",
                        23),
                refusal(27, "HPE_INVALID_CONSTANT", 23));

        assertThat(words.reason()).contains("unsupported transfer encoding");
        assertThat(words.fields())
                .containsExactly("Transfer-Encoding: Chunked", "Set-Cookie: ***", "Transfer-Encoding: chunked");
    }

    @Test
    void fieldsOfAnEarlierAnswerOnTheConnectionAreNotOurs() {
        var words = read(
                line("trace", "http", 25, "completed header: key=Server value=earlier", 23),
                line("trace", "http", 25, "message complete", 23),
                line("trace", "http", 25, "completed header: key=Server value=ours", 23),
                refusal(25, "unsupported transfer encoding", 23));

        assertThat(words.fields()).containsExactly("Server: ours");
    }

    @Test
    void severalRefusalsOfOneReasonAreToldAsSuch() {
        var words = read(refusal(25, "HPE_INVALID_CONSTANT", 23), refusal(26, "HPE_INVALID_CONSTANT", 24));

        assertThat(words.reason()).contains("HPE_INVALID_CONSTANT");
        assertThat(words.note()).contains("each of the 2 responses");
    }

    @Test
    void jsonAndOldLinesAreReadToo() {
        assertThat(
                        read("{\"level\":\"debug\",\"time\":\"2026-11-29T12:42:44.482808Z\",\"scope\":\"envoy client\",\"msg\":\"[Tags:"
                                        + " \\\"ConnectionId\\\":\\\"25\\\"] Error dispatching received data: http/1.1 protocol error:"
                                        + " unsupported transfer encoding\",\"caller\":\"source/common/http/codec_client.cc:191\",\"thread\":\"23\"}")
                                .reason())
                .contains("unsupported transfer encoding");
        assertThat(
                        read("2022-01-01T12:00:00.000000Z\tdebug\tenvoy client\t[C862] Error dispatching received data: http/1.1 protocol error:"
                                        + " unsupported transfer encoding")
                                .reason())
                .contains("unsupported transfer encoding");
    }

    @Test
    void whatWasNotRefusedHasNoReason() {
        var reader = new CodecLogReader(OURS);
        reader.add(refusal(25, "unsupported transfer encoding", 23));

        assertThat(reader.read(false).reason()).isEmpty();
    }
}
